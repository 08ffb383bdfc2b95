"""Compiled expressions and unary tests: the objects everybody else holds. Compiling is cached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from app.engine.errors import ExpressionFault
from app.engine.feel.compiler import closures
from app.engine.feel.compiler.folding import folded
from app.engine.feel.compiler.settle import settled
from app.engine.feel.compiler.unary_tests import tests_closure
from app.engine.feel.scope import PLAIN, SLIPS, Env, Run, World
from app.engine.feel.syntax import calls, free, nodes, parse, parse_tests, placed

Found = TypeVar("Found")
_TOO_DEEP = "This expression is nested too deeply."
_NOT_POSSIBLE = "This expression cannot be worked out with these values."


class Expression:
    """One compiled expression. `names` are the variables it certainly takes from its scope;
    `maybe` those inside filters, which may be entries of the items; `calls` functions by name."""

    __slots__ = ("_run", "calls", "maybe", "names", "source")

    def __init__(self, source: str, names: Collection[str] = ()) -> None:
        node = parse(source, names)
        self.source = source
        self._run = closures.compiled(folded(node))
        self.names, self.maybe = _free([node])
        self.calls = frozenset(calls(node))

    def evaluate(self, scope: Mapping[str, Any], world: World = PLAIN) -> Any:
        """The value over a scope. ExpressionFault for an unknown name (strict) or too much work."""
        run = Run(world)
        try:
            return settled(self._run(Env(scope, None, run)), world.meaning)
        except ExpressionFault as fault:
            raise placed(self.source, fault) from None
        except SLIPS as slip:
            raise _in_words(slip) from slip
        finally:
            run.close()

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class UnaryTests:
    """One compiled DMN input entry."""

    __slots__ = ("_run", "calls", "maybe", "names", "source")

    def __init__(self, source: str, names: Collection[str] = ()) -> None:
        node = parse_tests(source, names)
        self.source = source
        self._run = tests_closure(folded(node))
        self.names, self.maybe = (free - {"?"} for free in _free([node]))
        self.calls = frozenset(calls(node))

    def matches(self, value: Any, scope: Mapping[str, Any], world: World = PLAIN) -> bool | None:
        """Whether the value passes; null when it cannot be said."""
        run = Run(world)
        try:
            return self._run(Env(scope, None, run), value)
        except ExpressionFault as fault:
            raise placed(self.source, fault) from None
        except SLIPS as slip:
            raise _in_words(slip) from slip
        finally:
            run.close()

    def __repr__(self) -> str:
        return f"UnaryTests({self.source!r})"


def _in_words(slip: Exception) -> ExpressionFault:
    """An error of Python's own as a fault: no expression ends in anything else."""
    return ExpressionFault(_TOO_DEEP if isinstance(slip, RecursionError) else _NOT_POSSIBLE)


def _free(parts: list[nodes.Node]) -> tuple[frozenset[str], frozenset[str]]:
    pairs = [pair for part in parts for pair in free(part)]
    certain = frozenset(name for name, sure in pairs if sure)
    return certain, frozenset(name for name, sure in pairs if not sure) - certain


def _guarded(
    make: Callable[[str, Collection[str]], Found], source: str, names: tuple[str, ...]
) -> Found:
    try:
        return make(source, names)
    except SLIPS as slip:
        raise _in_words(slip) from slip


@lru_cache(maxsize=4096)
def _expression(source: str, names: tuple[str, ...]) -> Expression:
    return _guarded(Expression, source, names)


@lru_cache(maxsize=4096)
def _tests(source: str, names: tuple[str, ...]) -> UnaryTests:
    return _guarded(UnaryTests, source, names)


def compile_expression(source: str, names: Collection[str] = ()) -> Expression:
    """Compiles FEEL written without a leading "=". `names` are names with signs or key words in
    them ("pre-bureau risk") that shall be recognised; plain words need no telling.
    ExpressionFault(sentence, line, column) where it cannot be read."""
    return _expression(source, _special(names))


def compile_tests(source: str, names: Collection[str] = ()) -> UnaryTests:
    """Compiles a DMN input entry: `"a","b"`, `not(…)`, `[1..5]`, `> 3`, `-`, or with `?`."""
    return _tests(source, _special(names))


def _special(names: Collection[str]) -> tuple[str, ...]:
    """Only names that are not one plain word matter to the parser, and to the cache's key."""
    return tuple(sorted(name for name in names if not name.isidentifier()))


def literal_or_expression(text: str) -> Expression | None:
    """The expression after a leading "="; None for literal text."""
    stripped = text.strip()
    return compile_expression(stripped[1:]) if stripped.startswith("=") else None
