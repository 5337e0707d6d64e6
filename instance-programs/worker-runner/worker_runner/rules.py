"""By what the runner judges: the part of its configuration that the judgement knows."""

from __future__ import annotations

from dataclasses import dataclass

from .configuration import Configuration, Queue
from .messages import Message


@dataclass(frozen=True)
class Rules:
    """All in seconds, but for the numbers of messages."""

    #: the most important first
    queues: tuple[Queue, ...]
    fifo: bool
    concurrency: int
    batch: int
    poll: int
    visibility: float
    longest_work: float
    first_backoff: float
    longest_backoff: float

    def label(self, message: Message) -> dict[str, object]:
        """What the log says of which message it is."""
        return {"message": message.id, **({"queue": message.queue_name} if len(self.queues) > 1 else {})}


def rules_of(configuration: Configuration) -> Rules:
    return Rules(
        queues=configuration.queues,
        fifo=configuration.fifo,
        concurrency=configuration.concurrency,
        batch=configuration.batch,
        poll=configuration.poll,
        visibility=configuration.visibility,
        longest_work=configuration.longest_work,
        first_backoff=configuration.first_backoff,
        longest_backoff=configuration.longest_backoff,
    )
