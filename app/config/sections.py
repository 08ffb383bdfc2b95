"""Reads a mapping out of YAML key by key, and complains in sentences that name the nearest key.

What the keys mean is `config`'s.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app.engine import fault_in
from app.engine.characters import TURNING


class ConfigError(Exception):
    """config.yaml cannot be used as it stands."""


class Loader(yaml.SafeLoader):
    """An impossible date stays the text it is, so that whoever reads it can say where it stands."""

    def construct_yaml_timestamp(self, node: Any) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_timestamp)


def nearest(value: str, known: Iterable[str]) -> str:
    """ " The nearest is “…”." or nothing."""
    near = difflib.get_close_matches(value, sorted(known), 1)
    return f" The nearest is “{near[0]}”." if near else ""


def read_top(path: Path) -> Section:
    """The whole file. Raises `ConfigError` with what is wrong with it."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader)
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not YAML: {error}") from error
    fault = fault_in(raw)
    if fault is not None:
        raise ConfigError(f"{path.name}: “{fault[0]}” holds {fault[1]}. Type it again.")
    turned = _turned(raw, "")
    if turned is not None:
        said = "a character that turns the text after it round, so that it reads otherwise"
        raise ConfigError(f"{path.name}: “{turned}” holds {said}. Type it again.")
    return Section(raw, path.name, "")


def _turned(value: Any, place: str) -> str | None:
    """Where a text reads otherwise than it is stored."""
    if isinstance(value, str):
        return place if TURNING.search(value) else None
    if isinstance(value, dict):
        parts = [(f"{place}.{name}".lstrip("."), part) for name, part in value.items()]
        parts += [(place or "a key", str(name)) for name in value]
    else:
        items = value if isinstance(value, list) else ()
        parts = [(f"{place}[{number}]", part) for number, part in enumerate(items, 1)]
    return next((at for where, part in parts if (at := _turned(part, where))), None)


class Section:
    """A mapping of the file that knows where it stands and which of its keys were asked for."""

    def __init__(self, raw: Any, file: str, where: str) -> None:
        if not isinstance(raw, dict):
            raise ConfigError(f"{file}: {where or 'the file'} must be a list of keys with values.")
        self.raw, self.file, self.where = raw, file, where
        self.asked: set[str] = set()

    def name(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def get(self, key: str, *default: Any) -> Any:
        self.asked.add(key)
        if key in self.raw:
            return self.raw[key]
        if default:
            return default[0]
        near = difflib.get_close_matches(key, [str(k) for k in self.raw], 1)
        hint = f" Is “{near[0]}” meant to be “{key}”?" if near else ""
        raise ConfigError(f"{self.file}: the key “{self.name(key)}” is missing.{hint}")

    def typed(self, key: str, kind: type, words: str, *default: Any) -> Any:
        value = self.get(key, *default)
        wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if wrong and not (default and value is default[0]):
            raise ConfigError(f"{self.file}: “{self.name(key)}” must be {words}, not {value!r}.")
        return value

    def text(self, key: str, *default: str | None) -> Any:
        return self.typed(key, str, "a text", *default)

    def number(self, key: str, *default: int) -> int:
        value: int = self.typed(key, int, "a whole number", *default)
        return value

    def day(self, key: str, *default: date | None) -> date | None:
        """A day like 2027-04-01."""
        value = self.get(key, *default)
        if type(value) is date or (default and value is default[0]):
            return value
        said = f"“{self.name(key)}” must be a day like 2027-04-01, not {value!r}"
        raise ConfigError(f"{self.file}: {said}.")

    def section(self, key: str, *default: Any) -> Section:
        return Section(self.get(key, *default), self.file, self.name(key))

    def each(self, key: str, make: Callable[[Section], Any], *default: Any) -> tuple[Any, ...]:
        items = self.typed(key, list, "a list", *default)
        made = []
        for number, item in enumerate(items, 1):
            section = Section(item, self.file, f"{self.name(key)}[{number}]")
            made.append(make(section))
            section.finish()
        return tuple(made)

    def finish(self) -> None:
        for key in self.raw:
            if key not in self.asked:
                near = difflib.get_close_matches(str(key), sorted(self.asked), 1)
                hint = f" The nearest known one is “{near[0]}”." if near else ""
                raise ConfigError(f"{self.file}: “{self.name(str(key))}” is not a known key.{hint}")

    def choice(self, key: str, value: str, known: tuple[str, ...]) -> str:
        if value in known:
            return value
        hint, may = nearest(str(value), known), ", ".join(known)
        raise ConfigError(f"{self.file}: “{self.name(key)}” is {value!r}; it may be {may}.{hint}")
