"""Rules on what is asked for and cannot be: steps, questions, entries, and texts never given.

They warn: content may know better. What a name can be is `lint.sources`.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.engine import suggestion
from app.validation.lint.followed import followed
from app.validation.lint.places import Place, capital
from app.validation.lint.registry import rule
from app.validation.lint.rules.form_texts import in_forms
from app.validation.lint.scopes import Scopes
from app.validation.lint.view import Said, View
from app.validation.shapes import Texts, item_of


def _missing(view: View, *kinds: str) -> Iterator[Said]:
    for place, _, missing in followed(view):
        for missed in missing:
            if missed.kind in kinds:
                yield Said(place.id, f"{capital(place.what)} {missed.said}")
    for each in in_forms(view):
        for missed in each.missing:
            # of settings in conditions and the like `unknown-setting` tells
            if missed.kind in kinds or (each.text and missed.kind == "setting" and "step" in kinds):
                yield Said(each.id, f"{capital(each.what)} {missed.said}")


@rule("impossible-value", "warning")
def impossible_value(view: View) -> Iterator[Said]:
    """An answer is compared with a text that it can never be, so the condition never holds (or
    always does), and the case quietly goes the other way."""
    yield from _missing(view, "value")


@rule("unknown-answer", "warning")
def unknown_answer(view: View) -> Iterator[Said]:
    """An answer of a step that there is not, or to a question that it does not ask, is nothing
    (null). A text stays empty or a condition does not hold, and nobody sees why."""
    if view.known.complete:
        yield from _missing(view, "step", "question", "entry")


@rule("form-text-name", "warning")
def form_text_name(view: View) -> Iterator[Said]:
    """A label or hint is made before anybody has answered, from what is known outside of the form.
    A name that is not known there cannot be filled in."""
    scopes = Scopes(view)
    for each in in_forms(view):
        place = Place(each.id, "", "", "feel", "form")
        if not each.names or scopes.is_open(place):
            continue
        known = scopes.names(place) | {"due", "backstop", "records", "persons", "matters"}
        for name in sorted(each.names - known):
            near = suggestion(name, known)
            # a form of several processes may ask whether there is such a variable
            if near or each.text == name:
                yield Said(
                    each.id,
                    f"{capital(each.what)} speaks of “{name}”, which is no variable here.{near}",
                )


@rule("start-event-record", "warning")
def start_event_record(view: View) -> Iterator[Said]:
    """What a start form asked is documented under the id of its process. The start event's own id
    is understood too, but two names for the same answers mislead readers."""
    yield from _missing(view, "renamed")


@rule("unknown-group", "warning")
def worked_out_group(view: View) -> Iterator[Said]:
    """The same holds for a group that an expression gives, where every text it can give is known.
    For a mail only what is nearly a role is told, as it may be for a person."""
    roles = view.known.groups
    if not roles:
        return
    offers = {f"the candidate groups of the {view.a(id)}" for id in view.elements}
    for place, shape, _ in followed(view):
        given = item_of(shape)
        to = place.what.startswith("the header “to”")
        offered = place.what in offers or place.what == "the process's start groups"
        if not isinstance(given, Texts) or not (offered or to):
            continue
        for group in sorted(given.values):
            role = group.strip().partition(":")[0]
            near = suggestion(role, roles)
            if role not in roles and (offered or near):  # a mail may be for a person
                yield Said(
                    place.id,
                    f"{capital(place.what)} can give “{group}”, which no role in the settings "
                    f"gives.{near}",
                )
