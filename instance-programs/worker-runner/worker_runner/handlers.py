"""The handler that the configuration names: whether it is there, and the work of it for one message."""

from __future__ import annotations

import os
import socket

from .command import CommandWork
from .configuration import CommandHandler, Handler
from .http_post import HttpWork
from .messages import Message
from .work import Work

CONNECT_WITHIN = 2.0


def work_for(handler: Handler, message: Message) -> Work:
    return CommandWork(handler.command, message) if isinstance(handler, CommandHandler) else HttpWork(handler, message)


def missing(handler: Handler) -> str | None:
    """Why no message can be worked on, or None.

    A machine whose handler is not there would take one message after the other, fail each, and send them all to the dead letters.
    """
    if isinstance(handler, CommandHandler):
        program = handler.command[0]
        return None if os.path.isfile(program) and os.access(program, os.X_OK) else f"{program} is no program that may be started"
    try:
        with socket.create_connection((handler.host, handler.port), timeout=CONNECT_WITHIN):
            return None
    except OSError as error:
        return f"nobody answers at {handler.host}:{handler.port}: {error}"
