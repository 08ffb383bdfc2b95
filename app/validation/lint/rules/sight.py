"""Rules on who is told or asked: they can open the case, and it is nobody but those it concerns.

How much of a case a role sees is the installation's to say; it stands beside the settings.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import Element, listed
from app.validation.lint.followed import followed
from app.validation.lint.places import capital
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View
from app.validation.shapes import Texts, item_of


def _meant(view: View) -> Iterator[tuple[str | None, str, str]]:
    """(element, what names it, group) for each group that is told by mail or offered a task."""
    for element in view.elements.values():
        if element.groups and not element.groups.startswith("="):
            for group in listed(element.groups):
                yield element.id, view.the(element.id), group
        to = element.headers.get("to", "")
        if element.effect == "mail" and not to.startswith("="):
            for group in listed(to):
                yield element.id, view.the(element.id), group
    offers = {f"the candidate groups of the {view.a(id)}" for id in view.elements}
    for place, shape, _ in followed(view):
        given = item_of(shape)
        if isinstance(given, Texts) and (
            place.what in offers or place.what.startswith("the header “to”")
        ):
            for group in sorted(given.values):
                yield place.id, capital(place.what), group.strip()


@rule("group-without-sight", "warning")
def group_without_sight(view: View) -> Iterator[Said]:
    """A role that sees no case is offered no task and can open none. A mail to it leads its people
    to a page that does not exist for them, and a task for it is nobody's."""
    sights = view.known.settings.get("role_sight") or {}
    for id, what, group in _meant(view):
        if sights.get(group.partition(":")[0]) == "none":
            yield Said(
                id,
                f"{what} names “{group}”, and this role sees no case: its people could not open "
                "it. Name somebody who can, or change what the role sees.",
            )


@rule("group-too-wide", "warning")
def group_too_wide(view: View) -> Iterator[Said]:
    """Whoever is asked or told belongs to the case from then on. Of a role whose people see only
    their own part, as it is held in many organisations, those meant are named with “:value”;
    without it all of them are, in every organisation."""
    sights = view.known.settings.get("role_sight") or {}
    for id, what, group in _meant(view):
        if sights.get(group) == "own":
            yield Said(
                id,
                f"{what} names “{group}” and so everybody with this role, in every organisation. "
                f"Name those that are meant, like “{group}:value”, or a person.",
            )


@rule("document-beyond-sight", "warning")
def document_beyond_sight(view: View) -> Iterator[Said]:
    """A document is made from the whole case. People who see only their own part of it would read
    there what their part does not hold."""
    for element, group in _seen_in_part(view):
        if element.rules.brief_document:
            yield Said(
                element.id,
                f"{view.the(element.id)} shows a document of the whole case to “{group}”, who "
                "see only their own part of it. Show them what they need in the brief, or with "
                "“shows”.",
            )


@rule("shows-beyond-sight", "warning")
def shows_beyond_sight(view: View) -> Iterator[Said]:
    """What was recorded at a step that a task shows is read whole: every answer of it. People who
    see only their own part of a case would read there what their part does not hold."""
    for element, group in _seen_in_part(view):
        if element.rules.shows:
            yield Said(
                element.id,
                f"{view.the(element.id)} shows what was recorded at other steps to “{group}”, who "
                "see only their own part of a case. Put what they need into the brief.",
            )


def _seen_in_part(view: View) -> Iterator[tuple[Element, str]]:
    """(task, group) for each group that sees only its own part of a case, once."""
    sights = view.known.settings.get("role_sight") or {}
    meant = dict.fromkeys((id, group) for id, _, group in _meant(view))
    for id, group in meant:
        element = view.elements.get(id or "")
        if element is not None and sights.get(group.partition(":")[0]) == "own":
            yield element, group
