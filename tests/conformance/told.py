"""Writes what the code says of itself into docs/conformance.md, between its markers.

`python -m tests.conformance.told [DIR]`: the tables of BPMN elements, events and rules from the
code; with DIR also the table of the sets, run anew. What stands around the markers is by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from app.engine.bpmn.supported import ATTRIBUTES, ELEMENTS, EVENTS
from app.engine.feel import REFUSED
from app.validation.lint import RULES
from tests.conformance import modeler
from tests.conformance.__main__ import Counted, counted
from tests.conformance.bpmn_cases import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def elements() -> str:
    rows = [f"| {tag} | {one.does} | {_why(one.why, one.rule)} |" for tag, one in ELEMENTS.items()]
    return "\n".join(["| element | here | how, or why not |", "|---|---|---|", *rows])


def attributes() -> str:
    rows = [
        f"| {'any activity' if tag == '*' else tag} | {name} | {_values(known)} "
        f"| {_why(one.why.format(value='…'), one.rule)} |"
        for (tag, name), (known, one) in ATTRIBUTES.items()
    ]
    head = ["| element | attribute | runs with | refused otherwise, as |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _values(known: frozenset[str]) -> str:
    if all(value.isdigit() for value in known):
        numbers = sorted(map(int, known))
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(sorted(known))


def _why(why: str, rule: str) -> str:
    return f"{why} (`{rule}`)" if rule else why


def events() -> str:
    kinds = sorted({kind for known in EVENTS.values() for kind in known})
    lines = [f"| | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for place, known in EVENTS.items():
        cells = ["yes" if kind in known else "–" for kind in kinds]
        lines.append(f"| {place} | {' | '.join(cells)} |")
    return "\n".join(lines)


def rules() -> str:
    named: dict[str, set[str]] = {"error": set(), "warning": set()}
    for one in RULES:
        named[one.severity].add(one.name)
    warnings = sorted(named["warning"] - named["error"])
    return (
        f"Refused ({len(named['error'])} rules): {_linked(sorted(named['error']))}.\n\n"
        f"Told and let through ({len(warnings)}): {_linked(warnings)}."
    )


def _linked(names: list[str]) -> str:
    """Each with its page (`tests.validation.rule_pages`)."""
    return ", ".join(f"[{name}](rules/{name}.md)" for name in names)


def sets(found: list[Counted]) -> str:
    lines = [f"| set | {' | '.join(KINDS)} |", "|---" * (len(KINDS) + 1) + "|"]
    lines += [
        f"| {one.name} | {' | '.join(str(one.counts[kind]) for kind in KINDS)} |" for one in found
    ]
    notes = [f"* {one.name}: {note}" for one in found for note in one.notes]
    return "\n".join([*lines, "", "Not right:", "", *notes])


def fresh(page: str, parts: dict[str, str]) -> str:
    """The page with each part between its markers replaced."""
    for name, text in parts.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marked.search(page):
            raise ValueError(f"The page has no place for “{name}”.")
        page = marked.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page)
    return page


def from_code() -> dict[str, str]:
    return {
        "elements": elements(),
        "attributes": attributes(),
        "events": events(),
        "rules": rules(),
        "modeler": modeler.told(REFUSED),
    }


if __name__ == "__main__":
    told = from_code()
    if len(sys.argv) > 1:
        told["sets"] = sets(counted(Path(sys.argv[1])))
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8"), told), encoding="utf-8")
