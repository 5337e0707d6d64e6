"""The configuration of one runner, checked whole before anything is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union
from urllib.parse import urlsplit

LONGEST_VISIBILITY = 43_200
LONGEST_POLL = 20


class InvalidConfiguration(Exception):
    """What is wrong, and where; the message is for the one who wrote the configuration."""


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

    name: str
    hook: str
    hook_timeout: float
    #: work that takes this long protects the instance from scale-in; None for never
    protect_after: float | None


@dataclass(frozen=True)
class Configuration:
    """Times in seconds."""

    region: str
    queue_url: str
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
        return self.queue_url.endswith(".fifo")

    @property
    def queue_host(self) -> str:
        return urlsplit(self.queue_url).netloc


def read_configuration(path: str) -> Configuration:
    """Raises InvalidConfiguration for whatever cannot be meant."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except OSError as error:
        raise InvalidConfiguration(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InvalidConfiguration(f"{path} is no JSON: {error}") from error
    return configuration_of(content)


def configuration_of(content: Any) -> Configuration:
    root = _Section("configuration", content)
    backoff, metrics = root.section("backoff"), root.section("metrics")
    queue_url = root.text("queueUrl")
    _check_queue(queue_url)
    first = backoff.number("firstSeconds", 0, LONGEST_VISIBILITY)
    return Configuration(
        region=root.text("region"),
        queue_url=queue_url,
        concurrency=root.whole("concurrency", 1, 256),
        # What is received of a group and then given back unworked, since an earlier one failed, has used up a receive each time, and
        # ends as a dead letter without ever having been worked on. One at a time, nothing is given back.
        batch=root.whole("receiveBatch", 1, 10, default=1 if queue_url.endswith(".fifo") else 10),
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


def _check_queue(url: str) -> None:
    try:
        parts = urlsplit(url)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1") and parts.scheme == "http"
        fine = (parts.scheme == "https" or local) and bool(parts.hostname) and parts.username is None and parts.path.strip("/") != ""
        _ = parts.port
    except ValueError:
        fine = False
    _check(fine, f"configuration.queueUrl is {json.dumps(url)}, which is no address of a queue over https")


def _handler(section: _Section) -> Handler:
    kind = section.text("type")
    if kind == "command":
        command = section.texts("command")
        _check(len(command) > 0, f"{section.name}.command is empty")
        _check(not any("\0" in word for word in command), f"{section.name}.command has a zero byte in it")
        _check(command[0].startswith("/"), f"{section.name}.command begins with '{command[0]}', which is no absolute path")
        return CommandHandler(command)
    if kind == "http":
        return _http_handler(section)
    raise InvalidConfiguration(f"{section.name}.type is '{kind}', and may be command or http")


def _http_handler(section: _Section) -> HttpHandler:
    url = section.text("url")
    try:
        parts = urlsplit(url)
        fine = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1") and parts.username is None
        port = parts.port or 80
    except ValueError:
        fine, port = False, 0
    fine = fine and url.isascii() and url.isprintable() and " " not in url
    _check(fine, f"{section.name}.url is '{url}', which is no http address on this machine")
    return HttpHandler(parts.hostname or "", port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _group(section: _Section) -> Group:
    return Group(
        name=section.text("group"),
        hook=section.text("hook"),
        hook_timeout=section.number("hookTimeoutSeconds", 30, 172_800),
        protect_after=section.number("protectAfterSeconds", 0, LONGEST_VISIBILITY) if "protectAfterSeconds" in section.names() else None,
    )


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise InvalidConfiguration(problem)


class _Section:
    """A JSON object that knows its name, so that each complaint says where."""

    def __init__(self, name: str, content: Any) -> None:
        _check(isinstance(content, dict), f"{name} is no JSON object")
        self.name = name
        self._content = content

    def names(self) -> tuple[str, ...]:
        return tuple(self._content)

    def section(self, key: str) -> _Section:
        return _Section(f"{self.name}.{key}", self._get(key))

    def optional(self, key: str) -> _Section | None:
        return self.section(key) if key in self._content else None

    def text(self, key: str) -> str:
        value = self._get(key)
        _check(isinstance(value, str) and value != "", f"{self.name}.{key} is {json.dumps(value)}, and must be a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._get(key)
        fine = isinstance(values, list) and all(isinstance(value, str) for value in values)
        _check(fine, f"{self.name}.{key} is {json.dumps(values)}, and must be a list of texts")
        return tuple(values)

    def mapping(self, key: str) -> Mapping[str, str]:
        section = self.section(key)
        return {name: section.text(name) for name in section.names()}

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._content.get(key, default)
        _check(isinstance(value, bool), f"{self.name}.{key} is {json.dumps(value)}, and must be true or false")
        return value

    def whole(self, key: str, least: int, most: int, *, default: int | None = None) -> int:
        if default is not None and key not in self._content:
            return default
        value = self.number(key, least, most)
        _check(value == int(value), f"{self.name}.{key} is {json.dumps(value)}, and must be a whole number")
        return int(value)

    def number(self, key: str, least: float, most: float) -> float:
        value = self._get(key)
        ok = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
        _check(ok, f"{self.name}.{key} is {json.dumps(value)}, and must be a number from {least} to {most}")
        return value

    def _get(self, key: str) -> Any:
        _check(key in self._content, f"{self.name} lacks '{key}'")
        return self._content[key]
