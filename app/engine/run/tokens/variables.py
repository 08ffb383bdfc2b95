"""Owns the workflow variables: who sees which, where a value lands, how expressions are worked out.

Variables are scoped, as in Camunda 8: a process, a multi-instance item, and an activity with input
mappings each hold their own. Parallel branches share what lies outside them at once, so nothing
has to be merged at a join (upstream copied all data along every token and lost updates there).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.engine import feel
from app.engine.bpmn import Mapped
from app.engine.errors import ExpressionFault, UnknownHolidays
from app.engine.events import VariablesSet
from app.engine.feel import Sum, compile_expression
from app.engine.run.tokens import undated

if TYPE_CHECKING:
    from app.engine.run.tokens.token import Token
    from app.engine.run.tokens.tree import Instance, Node


def visible(token: Token) -> dict[str, Any]:
    """All variables that `token` sees, inner ones first, with the deployment's settings."""
    chain = []
    at: Token | None = token
    while at is not None:
        chain.append(at.data)
        if at.task_spec.border:
            break
        at = at.parent
    variables: dict[str, Any] = {}
    for own in reversed(chain):
        variables.update(own)
    variables["settings"] = token.workflow.turn.program.settings
    return variables


def evaluate(
    token: Token,
    source: str,
    extra: Mapping[str, Any] | None = None,
    *,
    strict: bool = True,
    at: datetime | None = None,
    sums: list[Sum] | None = None,
) -> Any:
    """The value of a FEEL source (a leading "=" is allowed) as `token` sees it."""
    scope = visible(token)
    if extra:
        scope = {**scope, **extra, "settings": scope["settings"]}
    world = token.workflow.turn.world(at=at, strict=strict, sums=sums)
    text = source.strip().removeprefix("=")
    try:
        return compile_expression(text).evaluate(scope, world)
    except ExpressionFault as fault:
        if fault.element_id is None:
            node = token.task_spec
            fault.element_id, fault.process = node.name, node.element.process
        raise


def worked_out(token: Token, text: str, extra: Mapping[str, Any] | None = None) -> Any:
    """FEEL when `text` begins with "=", else the text itself."""
    return evaluate(token, text, extra) if text.lstrip().startswith("=") else text


def truth(token: Token, source: str, extra: Mapping[str, Any] | None = None) -> bool:
    """A condition: true or false; Incident for anything else (null included)."""
    value = evaluate(token, source, extra)
    if value is not True and value is not False:
        shown = "null" if value is None else str(value)
        sentence = f"The condition “{source.strip()}” gave {shown}, not true or false."
        raise token.task_spec.incident(sentence)
    return value


def normal(value: Any) -> Any:
    """The value as it will be after saving and loading."""
    return feel.codec.decode(feel.codec.encode(value))


def border_of(token: Token) -> Token:
    """The root of the process that `token` lies in."""
    while not token.task_spec.border:
        token = token.parent
    return token


def declared(token: Token) -> Mapping[str, str]:
    """Declared variables of the process `token` lies in; empty: it takes any."""
    variables: Mapping[str, str] = border_of(token).task_spec._wf_spec.process.variables
    return variables


def _home(token: Token, name: str) -> Token:
    """Where a value for `name`, written by `token`, belongs."""
    at, item = token, None
    while True:
        if name in at.data:
            return at
        loop = at.task_spec.element.loop
        if item is None and at.inner and loop is not None and loop.collection:
            item = at
        if at.task_spec.border:
            break
        at = at.parent
    names = declared(token)
    if names and name not in names:
        sentence = f"“{name}” is not a declared variable of this process."
        raise token.task_spec.incident(sentence)
    return item if item is not None and not names else at


def assign(token: Token, values: Mapping[str, Any], element: str | None = None) -> None:
    """Set variables, each where it belongs, and leave one event."""
    if not values:
        return
    done = {}
    for name, value in values.items():
        home = _home(token, name)
        done[name] = undated.put(home, name, value)
        if name in home.internal_data.get("lent", ()):
            home.internal_data["lent"] = [n for n in home.internal_data["lent"] if n != name]
    run = token.workflow
    run.unchecked = True
    place = token.task_spec.place(run)
    if element is not None:
        place["element"] = element
    run.turn.emit(VariablesSet(**place, values=done))


def only_declared(token: Token, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `values` that the process takes without a mapping."""
    names = declared(token)
    if not names:
        return dict(values)
    return {name: value for name, value in values.items() if name in names}


def mapped(
    token: Token,
    mappings: tuple[Mapped, ...],
    extra: Mapping[str, Any] | None = None,
    *,
    unasked: Collection[str] = (),
) -> dict[str, Any]:
    """Work out mappings in order; a target "a.b" sets an entry of a context.

    `unasked`: answers that nobody was asked for; one that is only handed on leaves its variable.
    A day beyond the known bank holidays comes as `Undated`; in an entry of a context it is null.
    """
    values: dict[str, Any] = {}
    for mapping in mappings:
        name, *path = mapping.target.split(".")
        if unasked and _handed_on(mapping.source) in unasked and name in visible(token):
            continue
        value = _worked_out(token, mapping.source, {**(extra or {}), **values})
        if path:
            value = None if isinstance(value, undated.Undated) else value
            value = _entered(values.get(name, visible(token).get(name)), path, value)
        values[name] = value
    return values


def _worked_out(token: Token, source: str, extra: Mapping[str, Any]) -> Any:
    """A mapping's value, or `Undated`."""
    plain = undated.plain(extra)
    hanging = {name for name in extra if isinstance(extra[name], undated.Undated)}
    try:
        undated.refuse(token, source, plain)
        value = worked_out(token, source, plain)
        if not hanging or not source.lstrip().startswith("="):
            return value
        text = source.strip().removeprefix("=")
        named = hanging & set(compile_expression(text).names)
        if not named:
            return value
        year = extra[min(named)].how["year"]
    except UnknownHolidays as unknown:
        year = unknown.year
    return undated.kept(token, source, {**visible(token), **extra}, year)


def first_value(token: Token, source: str) -> Any:
    """What a declared variable begins with, or `Undated`."""
    return _worked_out(token, "=" + source.strip().removeprefix("="), {})


def work_out_undated(run: Instance) -> bool:
    """What had no day when it was mapped, where it can be worked out now; whether any could."""
    done = False
    for n in sorted(run.tasks):
        token, values = run.tasks[n], {}
        for name, value in undated.own(token).items():
            with suppress(UnknownHolidays):
                values[name] = undated.put(token, name, _later(token, value.how))
        if values:
            run.unchecked = done = True
            run.turn.emit(VariablesSet(**token.task_spec.place(run), values=values))
    return done


def _later(token: Token, how: Mapping[str, Any]) -> Any:
    given = {name: feel.codec.decode(value) for name, value in how["with"].items()}
    needs = {name: _later(token, needed) for name, needed in how["needs"].items()}
    at = datetime.fromisoformat(how["at"])
    return evaluate(token, how["source"], {**given, **needs}, at=at)


def _handed_on(source: str) -> str:
    """The answer that a mapping hands on as it is: "=x" or "=answers.x"."""
    return source.strip().removeprefix("=").strip().removeprefix("answers.")


def _entered(context: Any, path: list[str], value: Any) -> dict[str, Any]:
    here = dict(context) if isinstance(context, dict) else {}
    here[path[0]] = _entered(here.get(path[0]), path[1:], value) if path[1:] else value
    return here


def give_outputs(
    node: Node, local: Token, outside: Token, came: Mapping[str, Any]
) -> dict[str, Any]:
    """Output mappings of a finished node; without them, what came with it (Camunda's meaning).

    `came`: form answers or a message's payload. Returns what was set.
    """
    if node.element.outputs:
        extra = {**came, "answers": dict(came)}
        values = mapped(local, node.element.outputs, extra, unasked=local.unasked)
    else:
        values = only_declared(outside, came)
    assign(outside, values, node.name)
    return undated.plain(values)
