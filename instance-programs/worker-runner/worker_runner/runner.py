"""The runner: threads that call and work, and one loop that judges."""

from __future__ import annotations

import queue
import random
import threading
import time
from functools import partial
from typing import Any, Callable

from aws_api.client import AwsClient, AwsError, NoLongerWanted
from aws_api.imds import Imds
from aws_api.json_log import JsonLog
from aws_api.metrics import put_metrics
from instance_program.health_server import HealthServer
from instance_program.threads import begin, every

from .actions import Action, Delete, Hide, Kill, Outcome, Reply, Start
from .calls import Calls
from .configuration import Configuration
from .decisions import Decisions
from .group import Group
from .handlers import missing, work_for
from .leaving import Leaving
from .messages import Message, name_of
from .readings import Readings
from .receiving import Look
from .rules import rules_of
from .sqs import Queue
from .work import Work

TICK = 0.2
SLEPT_AFTER = 1.0
"""Seconds without a turn of the loop after which the time of an answer is not known any more."""

LOOK_EVERY = 2.0
METRICS_EVERY = 60.0
DEAD_AFTER = 10.0
"""Seconds without a turn of the loop after which the runner does not count as alive."""


def now() -> float:
    """Seconds that also pass while the machine sleeps, as those of a visibility do, and that nobody can set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Runner:
    """Runs until it is told to stop, or the instance is to go. All judgement is in `Decisions`, which the loop alone changes."""

    def __init__(
        self,
        configuration: Configuration,
        receiving: AwsClient,
        sqs: AwsClient,
        autoscaling: AwsClient,
        cloudwatch: AwsClient,
        imds: Imds,
        log: JsonLog,
    ) -> None:
        self._configuration, self._cloudwatch, self._log = configuration, cloudwatch, log
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._readings = Readings()
        self._calls = Calls(log, self._readings)
        self._decisions = Decisions(rules_of(configuration), random.Random())
        self._queues = {
            queue.url: Queue(receiving, sqs, queue.url, configuration.visibility, partial(self._calls.refused, **self._about(queue.url)))
            for queue in configuration.queues
        }
        group = None if configuration.group is None else Group(autoscaling, imds, configuration.group)
        self._leaving = Leaving(group, imds, self._decisions, self._calls, log, self._events.put, begin)
        self._works: dict[str, Work] = {}
        self._stop = threading.Event()
        self._last_turn = now()

    def stop(self) -> None:
        """What is at work may end within the time that there is, and then run() returns. Safe in a signal handler."""
        self._stop.set()

    def run(self) -> None:
        self._serve_health()
        self._leaving.look()  # before anything is received: the instance may be on its way out
        every(LOOK_EVERY, self._leaving.look, "notices")
        self._look_for_handler()
        every(LOOK_EVERY, self._look_for_handler, "handler")
        every(METRICS_EVERY, self._send_metrics, "metrics")
        first, *further = [queue.url for queue in self._configuration.queues]
        self._log.write("started", queue=first, **({"further_queues": further} if further else {}), concurrency=self._configuration.concurrency)
        self._judge()
        for work in self._works.values():
            work.kill(hard=True)
        self._leaving.leave()
        self._send_metrics()
        self._log.write("stopped", left=len(self._works))

    # --- the loop; everything below until the next line runs in it alone

    def _judge(self) -> None:
        while True:
            self._take_events()
            at = self._turn()
            if self._stop.is_set():
                self._stop.clear()
                self._log.write("draining", why="told to stop", busy=self._decisions.busy())
                self._decisions.drain(at, self._configuration.stop_within)
            self._leaving.judge(at)
            if self._decisions.is_drained(at):
                self._tell()
                return
            look = self._decisions.receive_wanted(at)
            if look:
                begin(partial(self._receive, look))
            for action in self._decisions.wanted(at):
                self._do(at, action)
            self._tell()

    def _take_events(self) -> None:
        try:
            event = self._events.get(timeout=TICK)
            while True:
                self._turn()  # first, since the event may have waited while the program stood still
                event()
                event = self._events.get_nowait()
        except queue.Empty:
            pass

    def _turn(self) -> float:
        at = now()
        if at - self._last_turn > SLEPT_AFTER:
            self._log.write("stood still", seconds=round(at - self._last_turn, 1))
            self._decisions.slept(self._last_turn, at)
        self._last_turn = at
        return at

    def _tell(self) -> None:
        for event, fields in self._decisions.notes:
            self._log.write(event, **fields)
        self._decisions.notes.clear()

    def _do(self, at: float, action: Action) -> None:
        if isinstance(action, Start):
            work = self._works[action.message.id] = work_for(self._configuration.handler, action.message)
            begin(partial(self._work, work, action.message, at))
        elif isinstance(action, Kill):
            self._works[action.id].kill(action.hard)
        elif isinstance(action, Delete):
            begin(partial(self._delete, action))
        else:
            begin(partial(self._hide, action))

    # --- what other threads do; they tell the loop by an event

    def _receive(self, look: Look) -> None:
        about = self._about(look.queue)
        try:
            messages, unreadable = self._queues[look.queue].receive(look.most, look.wait, lambda: not self._decisions.draining)
        except NoLongerWanted:
            self._events.put(lambda: self._decisions.receive_failed(now(), wanted=False))
            return
        except AwsError as error:
            self._calls.refused(error, **about)
            self._events.put(lambda: self._decisions.receive_failed(now()))
            return
        self._calls.allowed("ReceiveMessage", **about)
        if unreadable:
            self._log.write("unreadable messages", **about, count=unreadable)
        self._events.put(lambda: self._decisions.received(now(), messages))

    def _work(self, work: Work, message: Message, started: float) -> None:
        result = work.run()
        seconds = now() - started

        def ended() -> None:
            del self._works[message.id]
            told = self._decisions.work_ended(message.id, result.outcome)
            self._readings.note_work(told, seconds)
            shown = {"output": result.tail} if self._configuration.log_output and told is not Outcome.DONE else {}
            self._log.write(told.value, **self._decisions.rules.label(message), seconds=round(seconds, 3), detail=result.detail, **shown)

        self._events.put(ended)

    def _delete(self, action: Delete) -> None:
        reply = self._queues[action.queue].delete(action.receipt)
        if reply is Reply.OK:
            self._calls.allowed("DeleteMessage", **self._about(action.queue))
        self._events.put(lambda: self._decisions.deleted(now(), action, reply))

    def _hide(self, action: Hide) -> None:
        asked = now()
        reply = self._queues[action.queue].hide(action.receipt, action.seconds)
        if reply is Reply.OK:
            self._calls.allowed("ChangeMessageVisibility", **self._about(action.queue))
        self._events.put(lambda: self._decisions.hidden(now(), action, asked, reply))

    def _about(self, queue: str) -> dict[str, str]:
        """What a line in the log says of the queue that a call is about: nothing where there is but one."""
        return {"queue": name_of(queue)} if len(self._configuration.queues) > 1 else {}

    def _look_for_handler(self) -> None:
        problem = missing(self._configuration.handler)
        if problem is None:
            self._calls.allowed("handler")
        else:
            self._calls.fault("handler", "handler missing, nothing is received", problem=problem)
        self._events.put(lambda: setattr(self._decisions, "handler_ready", problem is None))

    def _send_metrics(self) -> None:
        values = self._readings.take(self._decisions.busy(), self._decisions.oldest_in_work(now()))
        try:
            put_metrics(self._cloudwatch, self._configuration.namespace, self._configuration.dimensions, values)
            self._calls.allowed("PutMetricData")
        except AwsError as error:
            self._calls.refused(error)

    def _serve_health(self) -> None:
        if self._configuration.health_port is None:
            return
        try:
            HealthServer("127.0.0.1", self._configuration.health_port, self._report, well="alive").start()
        except OSError as error:  # the work goes on without
            self._calls.fault("health", "no health endpoint", problem=str(error))

    def _report(self) -> dict[str, Any]:
        since = now() - self._last_turn
        return {"alive": since < DEAD_AFTER, "busy": self._decisions.busy(), "draining": self._decisions.draining}
