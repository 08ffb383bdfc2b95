"""Built-in functions over strings (DMN 1.3 §10.3.4.3; `string join` of 1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.engine.feel import patterns
from app.engine.feel.scope import Run, built_in
from app.engine.feel.values import Range, Steps, cut, kind, number, number_text, temporal_text


@built_in("substring", "string: string, start position: number, length?: number")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> Any:
    """Positions count characters (code points) from 1, or from −1 backwards."""
    first = cut(start)
    if first == 0 or abs(first) > len(string) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(string) + first
    end = len(string) if length is None else begin + min(cut(length), len(string))
    return string[begin:end]


@built_in("string length", "string: string")
def string_length(run: Run, string: str) -> Any:
    return Decimal(len(string))


@built_in("upper case", "string: string")
def upper_case(run: Run, string: str) -> Any:
    return string.upper()


@built_in("lower case", "string: string")
def lower_case(run: Run, string: str) -> Any:
    return string.lower()


@built_in("trim", "string: string")
def trim(run: Run, string: str) -> Any:
    return string.strip()


@built_in("substring before", "string: string, match: string")
def substring_before(run: Run, string: str, match: str) -> Any:
    before, separator, _ = string.partition(match) if match else ("", "", "")
    return before if separator else ""


@built_in("substring after", "string: string, match: string")
def substring_after(run: Run, string: str, match: str) -> Any:
    if not match:
        return string
    return string.partition(match)[2]


@built_in("contains", "string: string, match: string")
def contains(run: Run, string: str, match: str) -> Any:
    return match in string


@built_in("starts with", "string: string, match: string")
def starts_with(run: Run, string: str, match: str) -> Any:
    return string.startswith(match)


@built_in("ends with", "string: string, match: string")
def ends_with(run: Run, string: str, match: str) -> Any:
    return string.endswith(match)


@built_in("matches", "input: string, pattern: string, flags?: string|null")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> Any:
    run.step(len(text) >> 6)
    try:
        return patterns.compiled(pattern, flags or "").search(text) is not None
    except patterns.NoPattern:
        return None


@built_in("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> Any:
    """A pattern that matches the empty text is an error, as in XPath."""
    run.step(len(text) >> 6)
    try:
        separator = patterns.separator(pattern, flags or "")
        return _replaced(run, text, separator, replacement)
    except patterns.NoPattern:
        return None


def _replaced(run: Run, text: str, separator: Any, replacement: str) -> str:
    out: list[str] = []
    place = length = 0
    for match in separator.finditer(text):
        part = patterns.filled(replacement, match, separator.groups)
        out += [text[place : match.start()], part]
        place = match.end()
        length += len(out[-2]) + len(part)
        run.room_for(length)
        run.step()
    return "".join([*out, text[place:]])


@built_in("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> Any:
    run.step(len(string) >> 6)
    try:
        separator = patterns.separator(delimiter)
    except patterns.NoPattern:
        return None
    out, place = [], 0
    for match in separator.finditer(string):
        out.append(string[place : match.start()])
        place = match.end()
    return [*out, string[place:]]


@built_in("string join", "list: list, delimiter?: string|null")
def string_join(run: Run, items: list[Any], delimiter: str | None = None) -> Any:
    """Nulls in the list are left out."""
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        return None
    run.room_for(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)


@built_in(
    "string join",
    "list: list, delimiter: string|null, prefix: string|null, suffix: string|null",
    beyond=True,
)
def string_join_between(
    run: Run, items: list[Any], delimiter: str | None, prefix: str | None, suffix: str | None
) -> Any:
    """Camunda's form with something before and after the whole."""
    middle = string_join(run, items, delimiter)
    return None if middle is None else f"{prefix or ''}{middle}{suffix or ''}"


@built_in("string", "from: any")
def string(run: Run, value: Any) -> Any:
    """The text of any value; null stays null."""
    if isinstance(value, str) or value is None:
        return value
    return _text(value, run, run)


def _text(value: Any, tally: Steps, run: Run) -> str:
    tally.step()
    what = kind(value)
    if what == "number":
        decimal = number(value)
        return "null" if decimal is None else number_text(decimal, idle_zeros=run.meaning >= 2)
    if what == "boolean":
        return "true" if value else "false"
    if what == "null":
        return "null"
    if what == "string":
        return _quoted(value)
    if what == "list":
        return _joined(run, "[", [_text(item, tally, run) for item in value], "]")
    if what == "context":
        return _joined(run, "{", _entries(value, tally, run), "}")
    if what == "range":
        return _range_text(value, tally, run)
    return "function" if what == "function" else temporal_text(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _joined(run: Run, opening: str, parts: list[str], closing: str) -> str:
    run.room_for(sum(map(len, parts)))
    return f"{opening}{', '.join(parts)}{closing}"


def _entries(value: Mapping[str, Any], tally: Steps, run: Run) -> list[str]:
    def key(name: str) -> str:
        plain = name.replace(" ", "").replace("_", "").isalnum()
        return name if plain else _text(name, tally, run)

    return [f"{key(name)}: {_text(item, tally, run)}" for name, item in value.items()]


def _range_text(value: Range, tally: Steps, run: Run) -> str:
    if value.exact:
        return f"(= {_text(value.start, tally, run)})"
    if value.open_start:
        return f"({'<=' if value.end_included else '<'} {_text(value.end, tally, run)})"
    if value.open_end:
        return f"({'>=' if value.start_included else '>'} {_text(value.start, tally, run)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    ends = f"{_text(value.start, tally, run)}..{_text(value.end, tally, run)}"
    return f"{opening}{ends}{closing}"
