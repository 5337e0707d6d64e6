"""Keeps an AWS object (a route, an Elastic IP) on a machine that works: watches the peers, takes over, hands back."""
