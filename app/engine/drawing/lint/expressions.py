"""Rules on expressions: they compile, they are FEEL, and every name in them exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from app.engine.drawing.forms import outside_names
from app.engine.drawing.lint.places import Place, places
from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.scopes import ALWAYS, Scopes, targets
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.lint.wording import suggestion
from app.engine.drawing.names import b
from app.engine.errors import ExpressionFault
from app.engine.feel import BUILT_INS, Expression, compile_expression

#: ${…} and #{…} are Java's expression language, as Camunda 7 and its kin use it
_JAVA = re.compile(r"[$#]\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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
    for place in places(view):
        if _JAVA.search(place.text) and not place.text.lstrip().startswith("="):
            yield Said(
                place.id,
                f"{_up(place.what)} is “{_short(place.text)}”, in a language that is not "
                "understood here. Write it in FEEL, with “=” in front.",
            )


@rule("expression")
def expression(view: View) -> Iterator[Said]:
    for place in places(view):
        if place.source is None or _JAVA.search(place.text):
            continue
        if not place.source:
            yield Said(place.id, f"{_up(place.what)} is empty.")
            continue
        try:
            compile_expression(place.source)
        except ExpressionFault as fault:
            yield Said(
                place.id,
                f"{_up(place.what)} cannot be read: “{_short(place.text)}”. {fault.sentence}",
            )


@rule("condition-without-equals", "warning")
def condition_without_equals(view: View) -> Iterator[Said]:
    for place in places(view):
        plain = place.text.strip()
        marked = plain.startswith("=") or plain in ("true", "false") or _JAVA.search(plain)
        if place.at in ("condition", "conditional") and not marked:
            yield Said(
                place.id,
                f"{_up(place.what)} has no “=” in front. It is read as FEEL all the same; "
                "write “=” so that the modeler knows too.",
            )


@rule("formal-expression", "warning")
def formal_expression(view: View) -> Iterator[Said]:
    """BPMN 2.0.2, 8.3.6: an expression that is not formal is natural language for readers."""
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
    for node in view.drawn.node.iter():
        language = node.get("language")
        if language and "feel" not in language.lower() and (node.text or "").strip():
            yield Said(
                _owner(view, node),
                f"An expression says that it is written in “{_short(language)}”. Here every "
                "expression is read as FEEL.",
            )


@rule("unknown-name")
def unknown_name(view: View) -> Iterator[Said]:
    scopes = Scopes(view)
    for place in places(view):
        found = compiled(place)
        if found is None:
            continue
        known = scopes.names(place)
        for name in sorted(found.names - known):
            near = suggestion(name, known)
            if not scopes.is_open(place):
                yield Said(
                    place.id,
                    f"{_up(place.what)} speaks of “{name}”, which nothing sets.{near}",
                    "error" if view.process.variables else view.known.severity(),
                )
            elif near and view.known.complete:
                yield Said(
                    place.id,
                    f"{_up(place.what)} speaks of “{name}”, which nothing here sets.{near}",
                    "warning",
                )


@rule("unknown-function")
def unknown_function(view: View) -> Iterator[Said]:
    scopes = Scopes(view)
    for place in places(view):
        found = compiled(place)
        for name in sorted(found.calls - set(BUILT_INS) - scopes.names(place)) if found else ():
            yield Said(
                place.id,
                f"{_up(place.what)} calls “{name}()”, which there is not."
                f"{suggestion(name, BUILT_INS)}",
            )


@rule("form-name")
def form_name(view: View) -> Iterator[Said]:
    """What a form speaks of beside its own answers must be a variable where it is shown."""
    scopes = Scopes(view)
    for one in view.of("userTask", "startEvent"):
        form = view.known.forms.get(one.form or "")
        place = Place(one.id, "", "", "feel", "form")
        if form is None or scopes.is_open(place):
            continue
        known = scopes.names(place) | {"due", "backstop"}
        for name in sorted(outside_names(form) - known):
            near = suggestion(name, known)
            yield Said(
                one.id,
                f"The form “{form.title}” of the {view.a(one.id)} speaks of “{name}”, which "
                f"nothing sets.{near}",
                view.known.severity(),
            )


@rule("undeclared-variable")
def undeclared_variable(view: View) -> Iterator[Said]:
    """A process that declares variables takes no others; a mapping to one would stop the case."""
    declared = frozenset(view.process.variables)
    if not declared:
        return
    scopes = Scopes(view)
    for one in view.elements.values():
        sets = targets(one.outputs) | {one.result_variable or ""}
        sets |= {one.loop.output_collection or ""} if one.loop else set()
        local = scopes.local(one.id)
        for name in sorted(sets - declared - local - {""}):
            near = suggestion(name, declared)
            yield Said(
                one.id,
                f"{view.the(one.id)} sets “{name}”, which the process does not declare.{near} "
                f"Declare it as the process property “var:{name}”.",
            )


@rule("called-variable")
def called_variable(view: View) -> Iterator[Said]:
    for one in view.of("callActivity"):
        called = view.known.processes.get(one.called_process or "")
        if called is None or not called.variables:
            continue
        for name in sorted(targets(one.inputs) - set(called.variables)):
            near = suggestion(name, called.variables)
            yield Said(
                one.id,
                f"{view.the(one.id)} hands over “{name}”, which the process “{called.id}” does "
                f"not declare.{near}",
            )


@rule("variable-name")
def variable_name(view: View) -> Iterator[Said]:
    for name in view.process.variables:
        if not _NAME.fullmatch(name) or name in ALWAYS | {"answers", "records", "item"}:
            yield Said(
                None,
                f"“{name}” cannot be the name of a variable. Use letters, digits and _, and "
                "no word that expressions use already.",
            )


@rule("mapping-target")
def mapping_target(view: View) -> Iterator[Said]:
    for one in view.elements.values():
        for each in (*one.inputs, *one.outputs):
            if not all(_NAME.fullmatch(part) for part in each.target.split(".")):
                yield Said(
                    one.id,
                    f"{view.the(one.id)} has a mapping to “{_short(each.target)}”, which is no "
                    "name of a variable.",
                )


@rule("decision-input")
def decision_input(view: View) -> Iterator[Said]:
    scopes = Scopes(view)
    for one in view.of("businessRuleTask"):
        needed = view.known.decisions.get(one.decision or "")
        place = Place(one.id, "", "", "feel")
        if needed is None or scopes.is_open(place):
            continue
        for name in sorted(needed - scopes.names(place)):
            near = suggestion(name, scopes.names(place))
            yield Said(
                one.id,
                f"{view.the(one.id)} asks a decision that needs “{name}”, which nothing "
                f"sets.{near}",
                "error" if view.process.variables else view.known.severity(),
            )


def _owner(view: View, node: etree._Element) -> str | None:
    """Id of the element or flow that a part belongs to."""
    found: etree._Element | None = node
    while found is not None and (found.get("id") or "") not in view.drawn.nodes:
        found = found.getparent()
    return None if found is None else found.get("id")


def _up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 80 else shown[:77] + "…"
