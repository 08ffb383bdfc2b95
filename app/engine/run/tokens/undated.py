"""Owns values that hang on bank holidays which are not known yet.

Such a value is null and never stops the case. The token that holds it keeps how it is worked out:
deadlines, timers and mappings that speak of it wait as for any other day beyond the known holidays,
and it is worked out, counted from its own instant, once they are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engine import feel, saying
from app.engine.errors import UnknownHolidays
from app.engine.feel import compile_expression

if TYPE_CHECKING:
    from app.engine.run.tokens.token import Token

_KEPT = "undated_values"


@dataclass(frozen=True, slots=True)
class Undated:
    """Stands for a value on its way to its variable, where it becomes null."""

    #: how it is worked out: year, source, at, with (what it speaks of), needs (others like it)
    how: dict[str, Any]


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """What others may read of them: null where a day is not known."""
    return {k: None if isinstance(v, Undated) else v for k, v in values.items()}


def put(token: Token, name: str, value: Any) -> Any:
    """Set the token's own variable; the value as it will be after saving and loading."""
    kept = token.internal_data.get(_KEPT, {})
    if isinstance(value, Undated):
        token.internal_data[_KEPT] = {**kept, name: value.how}
    elif name in kept:
        token.internal_data[_KEPT] = {k: how for k, how in kept.items() if k != name}
        if not token.internal_data[_KEPT]:
            del token.internal_data[_KEPT]
    told = None if isinstance(value, Undated) else feel.codec.decode(feel.codec.encode(value))
    token.data[name] = told
    return told


def own(token: Token) -> dict[str, Undated]:
    return {name: Undated(how) for name, how in token.internal_data.get(_KEPT, {}).items()}


def seen(token: Token) -> dict[str, Undated]:
    """The variables that `token` sees and that have no day yet, by name."""
    chain = list(_chain(token))
    if not any(_KEPT in at.internal_data for at, _ in chain):
        return {}
    values: dict[str, Undated] = {}
    nearer: set[str] = set()
    for at, only in chain:
        lent = set(at.internal_data.get("lent", ())) if at.task_spec.border else set()
        for name, value in own(at).items():
            if name not in nearer and (only is None or name in only):
                values[name] = value
        nearer |= at.data.keys() - lent
    return values


def _chain(token: Token) -> Iterator[tuple[Token, set[str] | None]]:
    """The tokens whose variables it sees; beyond a call only those that were lent to it."""
    at: Token | None = token
    only: set[str] | None = None
    while at is not None:
        yield at, only
        if at.task_spec.border:
            lent = set(at.internal_data.get("lent", ()))
            only = lent if only is None else only & lent
            if not only:
                return
        at = at.parent


def refuse(token: Token, source: str, extra: Mapping[str, Any] | None = None) -> None:
    """UnknownHolidays where FEEL speaks of a value that has no day yet."""
    if source.lstrip().startswith("="):
        refuse_any(token, _names(source) - (extra or {}).keys())


def refuse_any(token: Token, names: Set[str]) -> None:
    """UnknownHolidays where one of the variables has no day yet."""
    known = seen(token)
    spoken = names & known.keys()
    if spoken:
        _unknown(known[min(spoken)].how["year"])


def _unknown(year: int) -> None:
    raise UnknownHolidays(f"This day {saying.undated(year)}.", year=year)


def _names(source: str) -> frozenset[str]:
    return frozenset(compile_expression(source.strip().removeprefix("=")).names)


def kept(token: Token, source: str, scope: Mapping[str, Any], year: int) -> Undated:
    """How a mapping's value is worked out later; all that it speaks of goes with it."""
    outside = seen(token)
    needs, with_ = {}, {}
    for name in sorted(_names(source) - {"settings"}):
        value = scope.get(name)
        if isinstance(value, Undated):
            needs[name] = value.how
        elif name in outside and value is None:
            needs[name] = outside[name].how
        elif name in scope:
            with_[name] = feel.codec.encode(value)
    at = token.workflow.turn.at.isoformat()
    return Undated({"year": year, "source": source, "at": at, "with": with_, "needs": needs})
