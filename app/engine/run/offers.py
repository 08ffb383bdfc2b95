"""Owns what is told of an open user task: for whom it is, and what tells it from its siblings.

Who may really take it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from app.engine.bpmn import listed
from app.engine.errors import Incident
from app.engine.events import TaskOffered, TaskOpened
from app.engine.feel import compile_expression
from app.engine.forms import Field, Form
from app.engine.run.tokens import Token, about, worked_out


def opened(token: Token) -> TaskOpened:
    node = token.task_spec
    element = node.element
    with about(node):
        return TaskOpened(
            **node.place(token.workflow),
            task=token.key,
            name=element.name or node.name,
            form=element.form,
            groups=_names(token, element.groups),
            users=_names(token, element.users),
            assignee=next(iter(_names(token, element.assignee)), None),
            item=items(token) or None,
            label=_label(token),
        )


def hangs_on(token: Token, variables: Set[str]) -> bool:
    """Whether it is drawn by one of these for whom the task is."""
    element = token.task_spec.element
    drawn = [text.strip() for text in (element.groups, element.users, element.assignee) if text]
    spoken = (compile_expression(text[1:]).names for text in drawn if text.startswith("="))
    return any(variables & set(names) for names in spoken)


def anew(token: Token) -> TaskOffered:
    """For whom the open task is, as its variables stand now."""
    node, element = token.task_spec, token.task_spec.element
    with about(node):
        return TaskOffered(
            **node.place(token.workflow),
            task=token.key,
            groups=_names(token, element.groups),
            users=_names(token, element.users),
            assignee=next(iter(_names(token, element.assignee)), None),
        )


def _names(token: Token, raw: str | None) -> tuple[str, ...]:
    """Comma-separated text, or FEEL giving a text, a list of texts or null."""
    if not raw:
        return ()
    value = worked_out(token, raw)
    if isinstance(value, str):
        return listed(value)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return tuple(value)
    raise Incident(f"“{raw}” should give a text or a list of texts, but gave {value!r}.")


def _instances(token: Token) -> Iterator[Token]:
    """The multi-instance instances that `token` lies in, nearest first.

    A process called once for each item works on that item too.
    """
    at: Token | None = token
    while at is not None:
        if at.inner and at.task_spec.element.loop is not None:
            yield at
        at = at.parent


def _item(instance: Token) -> str | None:
    """What the item of a multi-instance is called."""
    loop = instance.task_spec.element.loop
    return None if loop is None else loop.element


def items(token: Token) -> dict[str, Any]:
    """The multi-instance elements that `token` works on, those of outer loops first."""
    elements = {}
    for instance in reversed(list(_instances(token))):
        name = _item(instance)
        if name:
            elements[name] = instance.data.get(name)
    return elements


def _label(token: Token) -> str | None:
    """Property `label` of the task, else of the nearest multi-instance activity, else its item."""
    text = token.task_spec.element.rules.label
    if text:
        return _text(worked_out(token, text))
    instance = next(_instances(token), None)
    if instance is None:
        return None
    outer = instance.task_spec.element.rules.label
    if outer:
        return _text(worked_out(instance, outer))
    name = _item(instance)
    return _text(instance.data.get(name)) if name else None


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next((value[k] for k in ("label", "name", "id") if value.get(k)), None)
    return None if value is None or isinstance(value, list | dict) else str(value)


def fill_up(token: Token, form_id: str | None) -> None:
    """What a form did not ask this time is null to its mappings, not an unknown name.

    A mapping that only hands such an answer on leaves its variable as it was: a hidden question
    says nothing.
    """
    form = token.workflow.turn.program.forms.get(form_id or "")
    if form is not None and token.task_spec.element.outputs:
        every = dict.fromkeys(keys_of(form))
        if token.workflow.turn.meaning >= 2:
            token.unasked = frozenset(every.keys() - token.outcome.keys())
        token.outcome = {**every, **token.outcome}


def keys_of(form: Form) -> Iterator[str]:
    """Keys of a form's answers at their top level."""
    yield from _keys(form.fields)


def _keys(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        if field.key:
            yield field.key
        else:
            yield from _keys(field.fields)
