"""No message is lost: real runners work on real queues while they are killed, stopped and cut off.

    python test/no-message-lost/main.py --kills 1000 --messages 20000 --seconds 500

Prints what became of each message; exits with 1 when one is lost, when a group was not kept in order, or when a poisonous message
was received more or less often than the queue allows. The same seed makes the same messages and the same blows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from chaos import KILL, LOSE, STOP, Blow, blows, kind_of  # noqa: E402
from elasticmq_server import ElasticMq  # noqa: E402
from processes import Process  # noqa: E402
from proxy import PASS, Proxy  # noqa: E402
from verdict import Sent, Verdict, judge, read_traces  # noqa: E402

HERE = Path(__file__).resolve().parent
MOST_RECEIVES = 3
VISIBILITY = 3
BACKLOG = 120
"""Messages that wait or are in flight in each queue, at about."""

FLEETS = (("work",), ("work.fifo", "later.fifo"))
"""The queues of each half of the runners, the most important first. All groups are in both FIFO queues, under the same names."""

SHARE = 20
"""Of 100 receives so many look into a queue that is not the first of its fleet before they look into that."""

CALM_WITHIN = 90.0
LEAVE_WITHIN = 30.0


@dataclass(frozen=True)
class Plan:
    seed: int = 1
    messages: int = 2_000
    kills: int = 100
    seconds: float = 60.0
    runners: int = 6
    groups: int = 24


@dataclass
class Run:
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    dealt: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    exits: Counter[str] = field(default_factory=Counter)
    left: int = 0
    seconds: float = 0.0
    commit: str = ""

    def problems(self) -> list[str]:
        found = [f"{name}: {problem}" for name, verdict in self.verdicts.items() for problem in _problems(verdict)]
        found += [] if self.left == 0 else [f"{self.left} messages were still in the queues"]
        strange = {code: count for code, count in self.exits.items() if code not in ("0 at the end", "-9")}
        return found + ([f"runners ended by themselves or not in time: {strange}"] if strange else [])


def _problems(verdict: Verdict) -> list[str]:
    return [
        *[f"lost: {one}" for one in verdict.lost],
        *[f"out of order: {one}" for one in verdict.out_of_order],
        *[f"dead letter: {one}: {why}" for one, why in verdict.poison_wrong.items()],
    ]


class Harness:
    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan, self._folder = plan, folder
        self._server = ElasticMq(folder)
        self._names = [name for fleet in FLEETS for name in fleet]
        self._queues: dict[str, str] = {}
        self._dead: dict[str, str] = {}
        for name in self._names:
            dead = f"dead-{name}"
            self._dead[name] = self._server.make_queue(dead)
            redrive = {"deadLetterTargetArn": f"arn:aws:sqs:elasticmq:000000000000:{dead}", "maxReceiveCount": MOST_RECEIVES}
            self._queues[name] = self._server.make_queue(name, VisibilityTimeout="30", RedrivePolicy=json.dumps(redrive))
        self._sent: dict[str, list[Sent]] = {name: [] for name in self._names}
        self._proxies: list[Proxy] = []
        self._processes: list[Process] = []
        self.run = Run(commit=commit())

    async def go(self) -> Run:
        began = time.monotonic()
        for number in range(self._plan.runners):
            proxy = Proxy(self._server.port)
            fleet = FLEETS[number % len(FLEETS)]
            self._proxies.append(proxy)
            self._processes.append(Process(number, await proxy.start(), self._folder, self._configuration(fleet)))
        keepers = [asyncio.ensure_future(process.keep_running()) for process in self._processes]
        try:
            feeder = asyncio.ensure_future(self._feed())
            await self._deal(blows(self._plan.seed, self._plan.runners, self._plan.kills, self._plan.seconds))
            await feeder
            await self._calm()
            for process in self._processes:
                self.run.exits.update("-9" if code == -9 else f"{code} meanwhile" for code in process.exits)
            ends = await asyncio.gather(*(process.leave(LEAVE_WITHIN) for process in self._processes))
            self.run.exits.update(f"{code} at the end" for code in ends)
        finally:
            for process in self._processes:
                process.clean_up()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
        self.run.met = sum((proxy.met for proxy in self._proxies), Counter())
        self.run.seconds = time.monotonic() - began
        for name in self._names:
            self.run.verdicts[name] = self._judge(name)
        return self.run

    def stop(self) -> None:
        self._server.stop()

    def _configuration(self, fleet: tuple[str, ...]) -> dict:
        first, *further = [self._queues[name] for name in fleet]
        return {
            "region": "eu-west-1",
            "queueUrl": first,
            "furtherQueues": [{"queueUrl": url, "share": SHARE} for url in further],
            "concurrency": 4,
            "waitSeconds": 5,
            "visibilitySeconds": VISIBILITY,
            "maxProcessingSeconds": 2,
            "stopSeconds": 20,
            "backoff": {"firstSeconds": 1, "longestSeconds": 2},
            "handler": {"type": "command", "command": [str(HERE / "handler.sh"), str(self._folder)]},
            "metrics": {"namespace": "Test", "dimensions": {"Fleet": "Test"}},
        }

    def _traces(self, name: str) -> Path:
        return self._folder / f"{name}.traces"

    async def _feed(self) -> None:
        """Keeps some messages waiting, so that no runner is idle and none is late."""
        chance = random.Random(self._plan.seed + 1)
        shares = {name: messages_to(name, self._plan) for name in self._names}
        turns = max(shares.values()) / 10
        pause = self._plan.seconds / turns * 0.9
        due = time.monotonic()
        while any(len(sent) < shares[name] for name, sent in self._sent.items()):
            for name, sent in self._sent.items():
                count = min(math.ceil(shares[name] / turns), shares[name] - len(sent))
                if count > 0 and await asyncio.to_thread(self._server.length, self._queues[name]) < BACKLOG:
                    await asyncio.to_thread(self._send, name, chance, count)
            due = max(due + pause, time.monotonic() - 5)
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _send(self, name: str, chance: random.Random, count: int) -> None:
        sent = self._sent[name]
        entries = []
        for number in range(len(sent), len(sent) + count):
            group = f"g{number % self._plan.groups}" if name.endswith(".fifo") else None
            message = Sent(f"m{number}", kind_of(chance), group, number)
            sent.append(message)
            fifo = {} if group is None else {"MessageGroupId": group, "MessageDeduplicationId": message.id}
            entries.append({"Id": message.id, "MessageBody": f"{message.kind} {message.id}\n", **fifo})
        answer = self._server.call("SendMessageBatch", QueueUrl=self._queues[name], Entries=entries)
        assert len(answer["Successful"]) == count, answer

    async def _deal(self, planned: list[Blow]) -> None:
        began = time.monotonic()
        later = asyncio.get_running_loop().call_later
        for blow in planned:
            await asyncio.sleep(max(0.0, began + blow.at - time.monotonic()))
            process, proxy = self._processes[blow.runner], self._proxies[blow.runner]
            if set(process.exits) - {-9}:
                raise RuntimeError(f"runner {blow.runner} has ended by itself: {process.exits}")
            if blow.what in (KILL, LOSE):
                while not process.kill(with_handlers=blow.what == LOSE):  # it is just being started
                    await asyncio.sleep(0.02)
            elif blow.what == STOP:
                process.signal(signal.SIGSTOP)
                later(blow.seconds, process.signal, signal.SIGCONT)
            else:
                proxy.set(blow.what)
                later(blow.seconds, proxy.set, PASS)
            self.run.dealt[blow.what] += 1
        await asyncio.sleep(8)  # the longest of those that end by themselves

    async def _calm(self) -> None:
        """Without blows all that is left is done, or becomes a dead letter."""
        ends = time.monotonic() + CALM_WITHIN
        while time.monotonic() < ends:
            self.run.left = sum([await asyncio.to_thread(self._server.length, url) for url in self._queues.values()])
            if self.run.left == 0:
                return
            await asyncio.sleep(0.5)

    def _judge(self, name: str) -> Verdict:
        dead = {_identity(message): message for message in self._server.take_all(self._dead[name])}
        waiting = {_identity(message) for message in self._server.take_all(self._queues[name])}
        verdict = judge(self._sent[name], read_traces(self._traces(name)), waiting, dead, MOST_RECEIVES)
        for one in verdict.healthy_dead:
            lines = sorted(
                (line for process in self._processes for line in process.lines_about(dead[one]["MessageId"])), key=lambda line: line["time"]
            )
            story = ", ".join(f"{line['time'][17:23]} runner {line['runner']} {line['event']}" for line in lines)
            verdict.healthy_dead[one] += f" ({story or 'in no log'})"
            # each receipt was in an answer that was lost, or to the poll of a runner that was dead by then
            verdict.counts["healthy dead letters, never seen by a runner"] += not lines
        return verdict


def _identity(message: dict) -> str:
    return message["Body"].split()[1]


def messages_to(name: str, plan: Plan) -> int:
    """Each fleet has as many, and each queue of it."""
    [fleet] = [fleet for fleet in FLEETS if name in fleet]
    return plan.messages // len(FLEETS) // len(fleet)


def perform(plan: Plan, keep: Path | None = None) -> Run:
    folder = Path(tempfile.mkdtemp(prefix="no-message-lost-")) if keep is None else keep
    folder.mkdir(exist_ok=True)
    harness = Harness(plan, folder)
    try:
        return asyncio.run(harness.go())
    finally:
        harness.stop()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def commit() -> str:
    """With a mark when the checkout is not as committed."""
    return subprocess.run(["git", "describe", "--always", "--dirty", "--exclude=*"], capture_output=True, text=True, cwd=HERE).stdout.strip()


def report(plan: Plan, run: Run) -> str:
    lines = [f"commit {run.commit}, {plan}, took {run.seconds:.0f} s"]
    lines += [f"blows: {dict(run.dealt)}", f"requests that met a trouble: {dict(run.met)}", f"ends of runners: {dict(run.exits)}"]
    for name, verdict in run.verdicts.items():
        lines.append(f"{name}: {dict(sorted(verdict.counts.items()))}")
        lines += [f"  healthy dead letter {one}: {why}" for one, why in verdict.healthy_dead.items()]
    problems = run.problems()
    return "\n".join([*lines, *[f"PROBLEM {problem}" for problem in problems], "no message lost" if not problems else f"{len(problems)} problems"])


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("seed", "messages", "kills", "runners", "groups"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan, name))
    parser.add_argument("--seconds", type=float, default=Plan.seconds)
    parser.add_argument("--keep", type=Path, help="a folder for the logs of the runners and the traces of the handlers")
    arguments = vars(parser.parse_args())
    keep = arguments.pop("keep")
    plan = Plan(**arguments)
    run = perform(plan, keep)
    print(report(plan, run))
    return 1 if run.problems() else 0


if __name__ == "__main__":
    sys.exit(main())
