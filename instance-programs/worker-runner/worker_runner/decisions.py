"""What to do with which message when: the whole judgement of the runner, without clock, thread or network, so that it can be tried at will.

A message is held from its receipt to its end. SQS gives it to somebody else when its visibility has ended, whatever we believe, so the
time until which it is ours is reckoned from before each call, and nothing is begun after it.
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .actions import Action, Delete, Hide, Kill, Outcome, Reply, Start
from .held import DONE, LAST_CALLS, RETURNING, WAITING, WORKING, Held
from .messages import Message
from .pauses import pause
from .receiving import Look, Receiving
from .rules import Rules

LONGEST_HOLD = 43_200.0
"""Seconds after its receipt in which a message may stay invisible, as SQS has it."""

KILL_AFTER = 5.0
"""Seconds that work which was told to end may take to clean up."""

WAKING = 0.5
"""Seconds after the program stood still in which work that has ended meanwhile may say so, before it counts as too long."""

DENIED_PAUSE = 60.0
"""Seconds without a receipt from a queue after DeleteMessage was denied there: all that is done would be done again, and end as a dead letter."""

REMEMBERED = 10_000
"""Messages that were done, of which one that comes again is deleted and not done again."""


@dataclass
class Decisions:
    """Feed it what happened, ask it what is wanted. All times are seconds of one clock that never goes back."""

    rules: Rules
    random: random.Random = field(default_factory=random.Random)
    #: what changed, for the log
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    #: nothing is received while the handler is not there: its messages would all fail, and end as dead letters
    handler_ready: bool = False
    draining: bool = False
    _held: dict[str, Held] = field(default_factory=dict)
    _done: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _receiving: Receiving = field(init=False)
    _ends: float = float("inf")
    _awake_until: float | None = None
    _work_judged_from: float = float("-inf")

    def __post_init__(self) -> None:
        self._receiving = Receiving(self.rules.queues, self.rules.batch, self.rules.poll, self.random)

    # --- what happened

    def slept(self, last_awake: float, now: float) -> None:
        """The program stood still from then on: an answer that is read now may have come at any time since, and work may have ended."""
        self._work_judged_from = now + WAKING
        if self._receiving.under_way and self._awake_until is None:
            self._awake_until = last_awake

    def received(self, now: float, messages: Sequence[Message]) -> None:
        came = now if self._awake_until is None else self._awake_until
        self._awake_until = None
        self._receiving.received(found=len(messages) > 0)
        for message in messages:
            known = self._held.get(message.id)
            if known is not None:  # its visibility had ended, and it was given to us again: the work goes on under the new receipt
                known.message, known.received, known.lost = message, came, False
                known.until, known.not_before = came + self.rules.visibility, float("-inf")
                continue
            held = Held(message, came, came + self.rules.visibility)
            self._held[message.id] = held
            if message.id in self._done:
                held.phase = DONE
                self._note("done before", held)
            else:
                self._note("taken", held, receive_count=message.receive_count)

    def receive_failed(self, now: float, *, wanted: bool = True) -> None:
        self._awake_until = None
        if wanted:
            self._receiving.failed(now)
        else:
            self._receiving.gave_up()

    def work_ended(self, identity: str, outcome: Outcome) -> Outcome:
        """Returns what it counts as."""
        held = self._held[identity]
        if outcome is Outcome.DONE and held.told_to_end is None:
            held.phase, held.failures, held.not_before = DONE, 0, float("-inf")
            self._done[identity] = None
            if len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            return outcome
        if outcome is Outcome.NOT_STARTED:
            self.handler_ready = False
        # one that was told to end has not done its work, whatever its exit code says
        self._return(held, 0 if held.told_to_end == "draining" else self._backoff(held.message.receive_count))
        self._return_later(held)
        return Outcome.FAILED if outcome is Outcome.DONE else outcome

    def deleted(self, now: float, call: Delete, reply: Reply) -> None:
        held = self._answered(call)
        if held is None:
            return
        if reply is Reply.OK:
            self._forget(held, "deleted")
        elif held.message.receipt != call.receipt:
            return  # what it says of an old receipt does not matter
        elif reply is Reply.ENDED:  # an earlier call whose answer was lost has deleted it, or it was given to somebody else
            self._forget(held, "receipt ended")
            self._return_later(held)
        else:
            self._try_again(now, held)
            if reply is Reply.DENIED:
                self._receiving.hold_off(call.queue, now + DENIED_PAUSE)

    def hidden(self, now: float, call: Hide, asked: float, reply: Reply) -> None:
        held = self._answered(call)
        if held is None or held.message.receipt != call.receipt:
            return
        if reply is Reply.OK:
            held.until, held.failures = asked + call.seconds, 0
        elif reply is Reply.ENDED:
            held.lost, held.until = True, min(held.until, now)
        else:
            self._try_again(now, held)
        if call.back and reply in (Reply.OK, Reply.ENDED):
            self._forget(held, "returned" if reply is Reply.OK else "receipt ended")

    def drain(self, now: float, seconds: float | None) -> None:
        """Receive no more. After `seconds`, if there is an end, nothing is held any more."""
        self.draining = True
        self._ends = min(self._ends, now + (float("inf") if seconds is None else seconds))

    # --- what is wanted

    def receive_wanted(self, now: float) -> Look | None:
        """What to receive now; the caller answers with received() or receive_failed()."""
        if self.draining or not self.handler_ready:
            return None
        return self._receiving.wanted(now, self.rules.concurrency - len(self._held))

    def wanted(self, now: float) -> list[Action]:
        """What is to be done now; the caller does it, and answers with work_ended(), deleted() or hidden()."""
        steps = [self._step(now, held) for held in list(self._held.values())]
        return [action for step in steps for action in step]

    def is_drained(self, now: float) -> bool:
        return self.draining and ((not self._held and not self._receiving.under_way) or now >= self._ends)

    # --- what is so; other threads may ask, so that these look at a copy

    def busy(self) -> int:
        return sum(held.phase is WORKING for held in list(self._held.values()))

    def oldest_in_work(self, now: float) -> float:
        """Seconds; 0 when there is no work."""
        return max((now - held.started for held in list(self._held.values()) if held.phase is WORKING), default=0.0)

    # --- the judgement on one message

    def _step(self, now: float, held: Held) -> list[Action]:
        if self._held.get(held.message.id) is not held:
            return []
        if held.phase is WAITING:
            self._judge_waiting(now, held)
            if held.phase is WORKING:
                return [Start(held.message)]
        if held.phase is WORKING:
            return self._end_of_work(now, held) or self._extension(now, held)
        if held.phase is WAITING:
            return self._extension(now, held)
        return self._last_call(now, held)

    def _judge_waiting(self, now: float, held: Held) -> None:
        if now >= held.until:
            self._forget(held, "hold ended before the work")
            self._return_later(held)
        elif self.draining and now + self.rules.longest_work + KILL_AFTER + LAST_CALLS > self._ends:
            self._return(held, 0)
        elif self._is_first_of_group(held) and self.busy() < self.rules.concurrency:
            held.phase, held.started = WORKING, now

    def _end_of_work(self, now: float, held: Held) -> list[Action]:
        if held.told_to_end is None:
            held.told_to_end = self._reason_to_end(now, held)
            if held.told_to_end is None:
                return []
            held.told_at = now
            self._note("work is told to end", held, why=held.told_to_end)
            return [Kill(held.message.id, hard=False)]
        if not held.killed and now >= held.told_at + KILL_AFTER:
            held.killed = True
            return [Kill(held.message.id, hard=True)]
        return []

    def _reason_to_end(self, now: float, held: Held) -> str | None:
        if now < self._work_judged_from:
            return None
        if now >= held.started + self.rules.longest_work:
            return "takes too long"
        if now >= self._ends - KILL_AFTER - LAST_CALLS:
            return "draining"
        # Another worker may have it by now. Of a group two must not be at work at once; otherwise to go on is right, since SQS
        # may just be out of reach for all, and takes the deletion by an old receipt if nobody else has got the message.
        if self.rules.fifo and now >= held.until:
            return "hold ended"
        return None

    def _extension(self, now: float, held: Held) -> list[Action]:
        due = held.until - self.rules.visibility * 2 / 3
        if held.calling or held.lost or now < max(due, held.not_before) or held.killed:
            return []
        seconds = int(min(self.rules.visibility, held.received + LONGEST_HOLD - now - LAST_CALLS))
        if seconds < 1 or now + seconds <= held.until:
            return []
        held.calling = True
        return [Hide(held.message.id, held.message.receipt, held.message.queue, seconds, back=False)]

    def _last_call(self, now: float, held: Held) -> list[Action]:
        """Delete what is done, give back what is not, until the call has succeeded or does not matter any more."""
        if held.calling or now < held.not_before:
            return []
        # on a standard queue an old receipt still deletes a message that nobody else has received
        ends = held.until + (self.rules.visibility if held.phase is DONE and not self.rules.fifo else 0)
        if now >= ends and (held.tried or held.phase is not DONE):
            self._forget(held, "done, and not deleted" if held.phase is DONE else "hold ended")
            self._return_later(held)
            return []
        held.calling = True
        if held.phase is DONE:
            held.tried = True
            return [Delete(held.message.id, held.message.receipt, held.message.queue)]
        seconds = max(0, min(held.return_after, int(held.received + LONGEST_HOLD - now - LAST_CALLS)))
        return [Hide(held.message.id, held.message.receipt, held.message.queue, seconds, back=True)]

    # --- groups

    def _is_first_of_group(self, held: Held) -> bool:
        return not self.rules.fifo or next(one for one in self._held.values() if one.message.lane == held.message.lane) is held

    def _return_later(self, failed: Held) -> None:
        """The order of a group holds only if nothing of it is done before what failed."""
        if not self.rules.fifo:
            return
        for one in self._held.values():
            if one is not failed and one.message.lane == failed.message.lane and one.phase is WAITING:
                self._return(one, 0)

    # --- small steps

    def _answered(self, call: Delete | Hide) -> Held | None:
        """None when the message is not held any more, which may be while a call about it is under way."""
        held = self._held.get(call.id)
        if held is not None:
            held.calling = False
        return held

    def _return(self, held: Held, seconds: int) -> None:
        held.phase, held.return_after, held.failures, held.not_before = RETURNING, seconds, 0, float("-inf")

    def _forget(self, held: Held, event: str) -> None:
        del self._held[held.message.id]
        self._note(event, held, **({"after_seconds": held.return_after} if event == "returned" else {}))

    def _try_again(self, now: float, held: Held) -> None:
        held.failures += 1
        held.not_before = now + min(pause(held.failures, self.random), self.rules.visibility / 6)

    def _backoff(self, receive_count: int) -> int:
        longest = min(self.rules.longest_backoff, self.rules.first_backoff * 2.0 ** min(receive_count - 1, 30))
        return round(longest * (0.5 + self.random.random() / 2))

    def _note(self, event: str, held: Held, **fields: object) -> None:
        group = {} if held.message.group is None else {"group": held.message.group}
        self.notes.append((event, {**self.rules.label(held.message), **group, **fields}))
