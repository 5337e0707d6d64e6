"""A toy VPC in network namespaces, in which the real programs of HaNatPerAz run and fail.

See ../README.md for what is real here and what stands in for AWS.
"""
