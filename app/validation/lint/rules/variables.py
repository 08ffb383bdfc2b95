"""Rules on names in expressions and mappings: each exists where it is used, and can be set.

Which names are known where is `lint.scopes`; whether the text is an expression at all is
`lint.expressions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.engine import suggestion
from app.engine.feel import BUILT_INS, REFUSED
from app.engine.forms import outside_names
from app.validation.lint.places import Place, capital, places
from app.validation.lint.registry import rule
from app.validation.lint.rules.expressions import compiled, short
from app.validation.lint.scopes import ALWAYS, Scopes, targets
from app.validation.lint.view import Said, View

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@rule("unknown-name")
def unknown_name(view: View) -> Iterator[Said]:
    """A name that nothing sets is a fault in a case, not an empty value: DMN's null would hide a
    misspelt name. Every case that comes to this expression would stop with an incident."""
    scopes = Scopes(view)
    for place in places(view):
        expression = compiled(place)
        if expression is None:
            continue
        known = scopes.names(place)
        for name in sorted(expression.names - known):
            near = suggestion(name, known)
            if not scopes.is_open(place):
                yield Said(
                    place.id,
                    f"{capital(place.what)} speaks of “{name}”, which nothing sets.{near}",
                    "error" if view.process.variables else view.known.severity(),
                )
            elif near and view.known.complete:
                yield Said(
                    place.id,
                    f"{capital(place.what)} speaks of “{name}”, which nothing here sets.{near}",
                    "warning",
                )


@rule("unknown-function")
def unknown_function(view: View) -> Iterator[Said]:
    """There is no function of this name, so the expression could not be worked out when a case
    comes to it."""
    scopes = Scopes(view)
    for place in places(view):
        expression = compiled(place)
        for name in (
            sorted(expression.calls - set(BUILT_INS) - scopes.names(place)) if expression else ()
        ):
            yield Said(
                place.id,
                f"{capital(place.what)} calls “{name}()”, which there is not."
                + (f" {REFUSED[name]}" if name in REFUSED else suggestion(name, BUILT_INS)),
            )


@rule("form-name")
def form_name(view: View) -> Iterator[Said]:
    """A form may speak of its own answers and of what is known where it is shown. Any other name is
    a fault when somebody opens the form."""
    scopes = Scopes(view)
    for element in view.of("userTask", "startEvent"):
        form = view.known.forms.get(element.form or "")
        place = Place(element.id, "", "", "feel", "form")
        if form is None or scopes.is_open(place):
            continue
        known = scopes.names(place) | {"due", "backstop"}
        for name in sorted(outside_names(form) - known):
            near = suggestion(name, known)
            yield Said(
                element.id,
                f"The form “{form.title}” of the {view.a(element.id)} speaks of “{name}”, which "
                f"nothing sets.{near}",
                view.known.severity(),
            )


@rule("undeclared-variable")
def undeclared_variable(view: View) -> Iterator[Said]:
    """A process that declares variables takes no others. A step that sets another would stop the
    case with an incident."""
    declared = frozenset(view.process.variables)
    if not declared:
        return
    scopes = Scopes(view)
    for element in view.elements.values():
        sets = targets(element.outputs) | {element.result_variable or ""}
        sets |= {element.loop.output_collection or ""} if element.loop else set()
        local = scopes.local(element.id)
        for name in sorted(sets - declared - local - {""}):
            near = suggestion(name, declared)
            yield Said(
                element.id,
                f"{view.the(element.id)} sets “{name}”, which the process does not declare.{near} "
                f"Declare it as the process property “var:{name}”.",
            )


@rule("called-variable")
def called_variable(view: View) -> Iterator[Said]:
    """A called process takes only the variables that it declares, so what is handed over under
    another name could not reach it."""
    for call in view.of("callActivity"):
        called = view.known.processes.get(call.called_process or "")
        if called is None or not called.variables:
            continue
        for name in sorted(targets(call.inputs) - set(called.variables)):
            near = suggestion(name, called.variables)
            yield Said(
                call.id,
                f"{view.the(call.id)} hands over “{name}”, which the process “{called.id}” does "
                f"not declare.{near}",
            )


@rule("variable-name")
def variable_name(view: View) -> Iterator[Said]:
    """An expression must be able to say the name of a variable: letters, digits and _, and no word
    that expressions use already. Otherwise it could be set and never read."""
    for name in view.process.variables:
        taken = ALWAYS | {"answers", "records", "persons", "matters", "item"}
        if not _NAME.fullmatch(name) or name in taken:
            yield Said(
                None,
                f"“{name}” cannot be the name of a variable. Use letters, digits and _, and "
                "no word that expressions use already.",
            )


@rule("mapping-target")
def mapping_target(view: View) -> Iterator[Said]:
    """A mapping puts a value into a variable. No expression could ever read it again under what is
    no name."""
    for element in view.elements.values():
        for each in (*element.inputs, *element.outputs):
            if not all(_NAME.fullmatch(part) for part in each.target.split(".")):
                yield Said(
                    element.id,
                    f"{view.the(element.id)} has a mapping to “{short(each.target)}”, which is no "
                    "name of a variable.",
                )


@rule("decision-input")
def decision_input(view: View) -> Iterator[Said]:
    """A decision needs the names that its table asks for. One that nothing in the process sets
    could not be given to it, so a case would have nothing to decide by."""
    scopes = Scopes(view)
    for task in view.of("businessRuleTask"):
        needed = view.known.decisions.get(task.decision or "")
        place = Place(task.id, "", "", "feel")
        if needed is None or scopes.is_open(place):
            continue
        for name in sorted(needed - scopes.names(place)):
            near = suggestion(name, scopes.names(place))
            yield Said(
                task.id,
                f"{view.the(task.id)} asks a decision that needs “{name}”, which nothing "
                f"sets.{near}",
                "error" if view.process.variables else view.known.severity(),
            )
