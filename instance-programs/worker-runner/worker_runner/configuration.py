"""The configuration of one runner, checked whole before anything is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union
from urllib.parse import urlsplit

from instance_program.configuration import InvalidConfiguration, Section, check, content_of

__all__ = ["Configuration", "InvalidConfiguration", "configuration_of", "read_configuration"]

LONGEST_VISIBILITY = 43_200
LONGEST_POLL = 20


@dataclass(frozen=True)
class Queue:
    """Of 100 receives so many look into it first."""

    url: str
    share: int


@dataclass(frozen=True)
class CommandHandler:
    """A program that is started for each message."""

    command: tuple[str, ...]


@dataclass(frozen=True)
class HttpHandler:
    """A server on this machine that is sent each message."""

    host: str
    port: int
    path: str


Handler = Union[CommandHandler, HttpHandler]


@dataclass(frozen=True)
class Group:
    """The Auto Scaling group, and what is told to it. Times in seconds."""

    #: None where the instance has to ask for it
    name: str | None
    hook: str
    hook_timeout: float
    #: work that takes this long protects the instance from scale-in; None for never
    protect_after: float | None


@dataclass(frozen=True)
class Configuration:
    """Times in seconds."""

    region: str
    #: all FIFO or none, all of one host; the most important first
    queues: tuple[Queue, ...]
    concurrency: int
    batch: int
    poll: int
    visibility: int
    longest_work: float
    first_backoff: float
    longest_backoff: float
    stop_within: float
    handler: Handler
    log_output: bool
    group: Group | None
    health_port: int | None
    namespace: str
    dimensions: Mapping[str, str]

    @property
    def fifo(self) -> bool:
        return self.queues[0].url.endswith(".fifo")

    @property
    def queue_host(self) -> str:
        return urlsplit(self.queues[0].url).netloc


def read_configuration(path: str) -> Configuration:
    """Raises InvalidConfiguration for whatever cannot be meant."""
    return configuration_of(content_of(path))


def configuration_of(content: Any) -> Configuration:
    root = Section("configuration", content)
    backoff, metrics = root.section("backoff"), root.section("metrics")
    queues = _queues(root)
    first = backoff.number("firstSeconds", 0, LONGEST_VISIBILITY)
    return Configuration(
        region=root.text("region"),
        queues=queues,
        concurrency=root.whole("concurrency", 1, 256),
        # What is received of a group and then given back unworked, since an earlier one failed, has used up a receive each time, and
        # ends as a dead letter without ever having been worked on. One at a time, nothing is given back.
        batch=root.whole("receiveBatch", 1, 10, default=1 if queues[0].url.endswith(".fifo") else 10),
        poll=root.whole("waitSeconds", 0, LONGEST_POLL, default=LONGEST_POLL),
        visibility=root.whole("visibilitySeconds", 1, LONGEST_VISIBILITY),
        longest_work=root.number("maxProcessingSeconds", 0.1, LONGEST_VISIBILITY),
        first_backoff=first,
        longest_backoff=backoff.number("longestSeconds", first, LONGEST_VISIBILITY),
        stop_within=root.number("stopSeconds", 1, LONGEST_VISIBILITY),
        handler=_handler(root.section("handler")),
        log_output=root.flag("logOutput", default=False),
        group=None if (group := root.optional("autoScaling")) is None else _group(group),
        health_port=root.whole("healthPort", 1, 65_535) if "healthPort" in root.names() else None,
        namespace=metrics.text("namespace"),
        dimensions=metrics.mapping("dimensions"),
    )


def _queues(root: Section) -> tuple[Queue, ...]:
    url = _queue_url(root)
    further = tuple(_further_queue(section, url) for section in (root.sections("furtherQueues") if "furtherQueues" in root.names() else ()))
    together = sum(queue.share for queue in further)
    check(together <= 99, f"{root.name}.furtherQueues has shares of {together} in all, and may have 99: the rest is that of queueUrl")
    found = (Queue(url, 100 - together), *further)
    check(len({queue.url for queue in found}) == len(found), f"{root.name}.furtherQueues names a queue that was named before")
    return found


def _further_queue(section: Section, first: str) -> Queue:
    url = _queue_url(section)
    alike = url.endswith(".fifo") == first.endswith(".fifo")
    check(alike, f"{section.name}.queueUrl is {json.dumps(url)}, and the first is {json.dumps(first)}: either all are FIFO queues, or none is")
    check(urlsplit(url).netloc == urlsplit(first).netloc, f"{section.name}.queueUrl is {json.dumps(url)}, which is not on the host of the first")
    return Queue(url, section.whole("share", 1, 99))


def _queue_url(section: Section) -> str:
    url = section.text("queueUrl")
    try:
        parts = urlsplit(url)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1") and parts.scheme == "http"
        fine = (parts.scheme == "https" or local) and bool(parts.hostname) and parts.username is None and parts.path.strip("/") != ""
        _ = parts.port
    except ValueError:
        fine = False
    check(fine, f"{section.name}.queueUrl is {json.dumps(url)}, which is no address of a queue over https")
    return url


def _handler(section: Section) -> Handler:
    kind = section.text("type")
    if kind == "command":
        command = section.words("command")
        check(len(command) > 0, f"{section.name}.command is empty")
        check(not any("\0" in word for word in command), f"{section.name}.command has a zero byte in it")
        check(command[0].startswith("/"), f"{section.name}.command begins with '{command[0]}', which is no absolute path")
        return CommandHandler(command)
    if kind == "http":
        return _http_handler(section)
    raise InvalidConfiguration(f"{section.name}.type is '{kind}', and may be command or http")


def _http_handler(section: Section) -> HttpHandler:
    url = section.text("url")
    try:
        parts = urlsplit(url)
        fine = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1") and parts.username is None
        port = parts.port or 80
    except ValueError:
        fine, port = False, 0
    fine = fine and url.isascii() and url.isprintable() and " " not in url
    check(fine, f"{section.name}.url is '{url}', which is no http address on this machine")
    return HttpHandler(parts.hostname or "", port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _group(section: Section) -> Group:
    return Group(
        name=section.text("group") if "group" in section.names() else None,
        hook=section.text("hook"),
        hook_timeout=section.number("hookTimeoutSeconds", 30, 172_800),
        protect_after=section.number("protectAfterSeconds", 0, LONGEST_VISIBILITY) if "protectAfterSeconds" in section.names() else None,
    )
