"""Rules on expressions: they compile, and they are FEEL.

Whether the names in them exist is `lint.variables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from app.engine import ExpressionFault
from app.engine.bpmn import b
from app.engine.feel import Expression, compile_expression, only_null, parse, self_compared
from app.validation.lint.places import Place, capital, places
from app.validation.lint.registry import rule
from app.validation.lint.rules.form_texts import in_forms
from app.validation.lint.view import Said, View

#: ${…} and #{…} are Java's expression language, as Camunda 7 and its kin use it
_JAVA = re.compile(r"[$#]\{")


def compiled(place: Place) -> Expression | None:
    """The expression at a place; None where there is none or it does not compile."""
    if place.source is None or _JAVA.search(place.text):
        return None
    try:
        return compile_expression(place.source)
    except ExpressionFault:
        return None


@rule("foreign-expression")
def foreign_expression(view: View) -> Iterator[Said]:
    """Drawings made for other engines write ${…}, a language of theirs. Only FEEL is worked out
    here, so a case could make nothing of this text."""
    for place in places(view):
        if _JAVA.search(place.text) and not place.text.lstrip().startswith("="):
            yield Said(
                place.id,
                f"{capital(place.what)} is “{short(place.text)}”, in a language that is not "
                "understood here. Write it in FEEL, with “=” in front.",
            )


@rule("expression")
def expression(view: View) -> Iterator[Said]:
    """What stands behind “=” is FEEL and is worked out when a case comes to it. If it cannot be
    read, every case would stop there with an incident."""
    for place in places(view):
        if place.source is None or _JAVA.search(place.text):
            continue
        if not place.source:
            yield Said(place.id, f"{capital(place.what)} is empty.")
            continue
        try:
            compile_expression(place.source)
        except ExpressionFault as fault:
            yield Said(
                place.id,
                f"{capital(place.what)} cannot be read: “{short(place.text)}”. {fault.sentence}",
            )


@rule("expression-only-null", "warning")
def expression_only_null(view: View) -> Iterator[Said]:
    """A part of the expression can only ever give nothing (null): a day that there is not, a
    division by zero, a pattern that is none. In a case that is an incident or the wrong branch."""
    for place in places(view):
        if place.source is None or _JAVA.search(place.text):
            continue
        for empty in only_null(place.source):
            yield Said(
                place.id,
                f"{capital(place.what)} holds what can only ever be null: “{short(place.text)}”. "
                f"{empty.sentence}",
            )


@rule("filter-with-itself", "warning")
def filter_with_itself(view: View) -> Iterator[Said]:
    """In a filter a bare name is the item's own entry before it is anything outside. So
    `rows[item.child = child]` compares the row with itself: it keeps every row, or none."""
    diagram = ((place.id, place.what, place.source) for place in places(view))
    forms = ((each.id, each.what, each.source) for each in in_forms(view))
    for id, what, source in (*diagram, *forms):
        for name in sorted(set(_self_compared(source))):
            yield Said(
                id,
                f"{capital(what)} compares “item.{name}” with “{name}”, which in a filter is the "
                f"item’s own {name} too. Give the outer one another name.",
            )


def _self_compared(source: str | None) -> list[str]:
    try:
        return list(self_compared(parse(source))) if source else []
    except ExpressionFault:
        return []


@rule("condition-without-equals", "warning")
def condition_without_equals(view: View) -> Iterator[Said]:
    """Camunda's modeler marks an expression by “=” in front and takes the rest for text. Here the
    condition is worked out all the same."""
    for place in places(view):
        plain = place.text.strip()
        marked = plain.startswith("=") or plain in ("true", "false") or _JAVA.search(plain)
        if place.at in ("condition", "conditional") and not marked:
            yield Said(
                place.id,
                f"{capital(place.what)} has no “=” in front. It is read as FEEL all the same; "
                "write “=” so that the modeler knows too.",
            )


@rule("formal-expression", "warning")
def formal_expression(view: View) -> Iterator[Said]:
    """In BPMN an expression that is not marked as formal is a note for readers (BPMN 2.0.2, 8.3.6).
    Here it is carried out, so another tool may do something else with the same file."""
    type_ = "{http://www.w3.org/2001/XMLSchema-instance}type"
    tags = (
        "conditionExpression", "timeDate", "timeDuration", "timeCycle", "condition",
        "completionCondition", "loopCondition", "loopCardinality", "activationCondition",
    )  # fmt: skip
    for node in view.drawn.node.iter(*(b(tag) for tag in tags)):
        if (node.text or "").strip() and not (node.get(type_) or "").endswith("tFormalExpression"):
            id = _owner(view, node)
            flow = view.flows.get(id or "")
            what = view.flow(flow) if flow else view.a(id)
            yield Said(
                id,
                f"The expression of the {what} is not marked as a formal expression, so other "
                "tools take it for a note. Here it is carried out.",
            )


@rule("expression-language", "warning")
def expression_language(view: View) -> Iterator[Said]:
    """The file says that an expression is written in another language. Here every expression is
    read as FEEL, so it may mean something else than its writer thought."""
    for node in view.drawn.node.iter():
        language = node.get("language")
        if language and "feel" not in language.lower() and (node.text or "").strip():
            yield Said(
                _owner(view, node),
                f"An expression says that it is written in “{short(language)}”. Here every "
                "expression is read as FEEL.",
            )


def _owner(view: View, node: etree._Element) -> str | None:
    """Id of the element or flow that a part belongs to."""
    owner: etree._Element | None = node
    while owner is not None and (owner.get("id") or "") not in view.drawn.nodes:
        owner = owner.getparent()
    return None if owner is None else owner.get("id")


def short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 80 else shown[:77] + "…"
