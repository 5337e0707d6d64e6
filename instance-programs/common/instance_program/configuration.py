"""Reads a configuration in JSON, and says of what cannot be meant where it stands."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Any


class InvalidConfiguration(Exception):
    """What is wrong, and where; the message is for the one who wrote the configuration."""


def check(holds: bool, problem: str) -> None:
    if not holds:
        raise InvalidConfiguration(problem)


def content_of(path: str) -> Any:
    """What the file holds. Raises InvalidConfiguration when it cannot be read, or is no JSON."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise InvalidConfiguration(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InvalidConfiguration(f"{path} is no JSON: {error}") from error


class Section:
    """A JSON object that knows its name, so that each complaint says where."""

    def __init__(self, name: str, content: Any) -> None:
        check(isinstance(content, dict), f"{name} is no JSON object")
        self.name = name
        self._content = content

    def names(self) -> tuple[str, ...]:
        return tuple(self._content)

    def section(self, key: str) -> Section:
        return Section(f"{self.name}.{key}", self._get(key))

    def optional(self, key: str) -> Section | None:
        return self.section(key) if key in self._content else None

    def sections(self, key: str) -> tuple[Section, ...]:
        return tuple(Section(f"{self.name}.{key}[{i}]", item) for i, item in enumerate(self._list(key)))

    def text(self, key: str) -> str:
        value = self._get(key)
        check(isinstance(value, str) and value != "", f"{self.name}.{key} is {json.dumps(value)}, and must be a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """None of them empty."""
        return self._texts(key, self._list(key), shortest=1)

    def words(self, key: str) -> tuple[str, ...]:
        """Any of them may be empty, as those of a command may."""
        return self._texts(key, self._get(key), shortest=0)

    def mapping(self, key: str) -> Mapping[str, str]:
        section = self.section(key)
        return {name: section.text(name) for name in section.names()}

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._content.get(key, default)
        check(isinstance(value, bool), f"{self.name}.{key} is {json.dumps(value)}, and must be true or false")
        return value

    def whole(self, key: str, least: int, most: int, *, default: int | None = None) -> int:
        if default is not None and key not in self._content:
            return default
        value = self.number(key, least, most)
        check(value == int(value), f"{self.name}.{key} is {json.dumps(value)}, and must be a whole number")
        return int(value)

    def number(self, key: str, least: float, most: float) -> float:
        value = self._get(key)
        ok = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
        check(ok, f"{self.name}.{key} is {json.dumps(value)}, and must be a number from {least} to {most}")
        return value

    def address(self, key: str) -> str:
        return self._parsed(key, self.text(key), ipaddress.IPv4Address, "IPv4 address")

    def network(self, key: str) -> str:
        return self._parsed(key, self.text(key), ipaddress.IPv4Network, "IPv4 network")

    def networks(self, key: str) -> tuple[str, ...]:
        return tuple(self._parsed(key, text, ipaddress.IPv4Network, "IPv4 network") for text in self.texts(key))

    def _parsed(self, key: str, text: str, parse: Any, kind: str) -> str:
        try:
            return str(parse(text))
        except ValueError as error:
            raise InvalidConfiguration(f"{self.name}.{key} is '{text}', which is no {kind}") from error

    def _texts(self, key: str, values: Any, *, shortest: int) -> tuple[str, ...]:
        fine = isinstance(values, list) and all(isinstance(value, str) and len(value) >= shortest for value in values)
        check(fine, f"{self.name}.{key} is {json.dumps(values)}, and must be a list of texts")
        return tuple(values)

    def _list(self, key: str) -> Any:
        value = self._get(key)
        check(isinstance(value, list), f"{self.name}.{key} is no list")
        return value

    def _get(self, key: str) -> Any:
        check(key in self._content, f"{self.name} lacks '{key}'")
        return self._content[key]
