"""A world under a fake clock: members with the real judgement, an AWS, and a network between them that can be cut.

Nothing sleeps. Each turn is 50 ms; whoever is due looks, judges and calls, and what was called takes effect some turns later.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from failover_agent.configuration import Configuration, configuration_of
from failover_agent.decisions import Decisions, Move
from failover_agent.sights import Answer

TURN = 0.05


def configuration(member: str, members: tuple[str, ...] = ("a", "b"), **changes: object) -> Configuration:
    """A member of a group with one route for each of the members; `changes` replace top-level keys."""
    order = {name: [*members[i:], *members[:i]] for i, name in enumerate(members)}
    content = {
        "group": "Shop/Nat",
        "region": "eu-west-1",
        "member": member,
        "members": list(members),
        "peers": {name: f"10.0.{i}.20" for i, name in enumerate(members) if name != member},
        "healthPort": 8642,
        "profile": {"intervalSeconds": 0.5, "timeoutSeconds": 0.4, "failures": 3},
        "failback": "automatic",
        "failbackAfterSeconds": 30,
        "interface": {"id": f"eni-{member}", "address": f"10.0.{members.index(member)}.20"},
        "objects": [
            {
                "name": name,
                "order": order[name],
                "parts": [
                    {
                        "type": "route",
                        "table": f"rtb-{name}",
                        "destination": "0.0.0.0/0",
                        "targets": {target: f"eni-{target}" for target in members},
                    }
                ],
            }
            for name in members
        ],
        "nat": {"vpcCidrs": ["10.0.0.0/16"], "canaries": ["203.0.113.1:443"]},
        "metrics": {"namespace": "Test", "dimensions": {"Group": "Shop/Nat"}},
        **changes,
    }
    return configuration_of(content)


@dataclass
class Node:
    name: str
    decisions: Decisions
    alive: bool = True
    paused: bool = False
    works: bool = True
    api_works: bool = True
    may_move: bool = True
    has_looked: bool = False
    next_check: float = 0.0
    next_ask: dict[str, float] = field(default_factory=dict)
    calls: list[Move] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        return self.alive and not self.paused


class World:
    def __init__(self, members: tuple[str, ...] = ("a", "b"), seed: int = 0, latency: float = 0.1, **changes: object) -> None:
        self.members = members
        self.now = 1000.0
        self.latency = latency
        self.random = random.Random(seed)
        self._changes = changes
        self.owner = {name: name for name in members}
        self.cut: set[frozenset[str]] = set()
        self._later: list[tuple[float, int, object]] = []
        self.history: list[tuple[float, str, str, str]] = []
        self.down_since: dict[str, float] = {}
        self.longest_outage = dict.fromkeys(members, 0.0)
        self.nodes = {name: self._node(name) for name in members}

    def _node(self, name: str) -> Node:
        node = Node(name, Decisions(configuration(name, self.members, **self._changes)))
        phase = self.random.random
        node.next_check = self.now
        node.next_ask = {peer: self.now + 0.5 * phase() for peer in self.members if peer != name}
        return node

    # --- faults

    def crash(self, name: str) -> None:
        self.nodes[name].alive = False

    def boot(self, name: str) -> None:
        """A new instance with the interface of the old one."""
        self.nodes[name] = self._node(name)

    def pause(self, name: str) -> None:
        self.nodes[name].paused = True

    def resume(self, name: str) -> None:
        self.nodes[name].paused = False
        self.nodes[name].decisions.woke()

    def part(self, one: str, other: str) -> None:
        self.cut.add(frozenset((one, other)))

    def join(self, one: str, other: str) -> None:
        self.cut.discard(frozenset((one, other)))

    def stop(self, name: str) -> None:
        self.nodes[name].decisions.stopping = True

    # --- time

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end - TURN / 2:
            self.now += TURN
            self._turn()

    def _turn(self) -> None:
        due = sorted((entry for entry in self._later if entry[0] <= self.now), key=lambda entry: entry[:2])
        self._later = [entry for entry in self._later if entry[0] > self.now]
        for _, _, work in due:
            work()
        for node in self.nodes.values():
            if node.runs:
                self._let(node)
        for name in self.members:
            self._watch_traffic(name)

    def _let(self, node: Node) -> None:
        if self.now >= node.next_check:
            node.decisions.self_checked(self.now, node.works)
            node.has_looked = True
            node.next_check = self.now + 0.5
        profile = node.decisions.configuration.profile
        for peer, due in node.next_ask.items():
            if self.now >= due:
                self._ask(node, peer, profile.timeout)
                node.next_ask[peer] = due + profile.interval
        if node.decisions.reading_wanted(self.now):
            self._after(self.latency, lambda: self._read(node))
        for move in node.decisions.moves_wanted(self.now):
            node.calls.append(move)
            self._after(self.latency / 2, lambda move=move: self._move(node, move))

    def _ask(self, node: Node, name: str, timeout: float) -> None:
        peer = self.nodes[name]
        # one that has not looked at itself yet listens to nobody
        if not peer.runs or not peer.has_looked or frozenset((node.name, name)) in self.cut:
            self._after(timeout, lambda: self._told(node, name, Answer.SILENCE, ()))
            return
        green = peer.decisions.is_green(self.now) and not peer.decisions.stopping
        self._told(node, name, Answer.GREEN if green else Answer.RED, peer.decisions.holds() if green else ())

    def _told(self, node: Node, name: str, answer: Answer, holds: object) -> None:
        if self._is_current(node):
            node.decisions.peer_checked(self.now, name, answer, holds)

    def _read(self, node: Node) -> None:
        if self._is_current(node):
            node.decisions.owners_read(self.now, {name: frozenset([owner]) for name, owner in self.owner.items()} if node.api_works else None)

    def _move(self, node: Node, move: Move) -> None:
        if not self._is_current(node):
            return
        done = node.api_works and node.may_move and node.decisions.is_still_wanted(self.now, move)
        if done:
            self.owner[move.object] = move.to
            self.history.append((self.now, move.object, move.to, move.why))
        self._after(self.latency / 2, lambda: self._is_current(node) and node.decisions.moved(self.now, move.object, done))

    def _is_current(self, node: Node) -> bool:
        return self.nodes[node.name] is node and node.runs

    def _after(self, seconds: float, work: object) -> None:
        self._later.append((self.now + seconds, len(self._later) + int(self.now * 1000), work))

    def _watch_traffic(self, name: str) -> None:
        node = self.nodes[self.owner[name]]
        if node.alive and node.works:  # the kernel of a paused one goes on translating
            self.down_since.pop(name, None)
            return
        since = self.down_since.setdefault(name, self.now)
        self.longest_outage[name] = max(self.longest_outage[name], self.now - since)

    def moves_of(self, name: str) -> list[tuple[str, str]]:
        return [(to, why) for _, moved, to, why in self.history if moved == name]
