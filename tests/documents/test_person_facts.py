"""Who somebody is shows beside the name: addresses, numbers and dates of birth in what leaves."""

from __future__ import annotations

from datetime import date

import pytest

from app.documents.person_facts import Facts

FACTS = Facts(
    [
        {
            "kind": "child", "born": date(2025, 11, 2), "number": "9434765919",
            "address": "Flat 3, 14 Mill Lane, Guildford, GU1 3XX",
        },
        {"kind": "child", "born": None, "number": None, "address": None},
        {"kind": "child", "number": "12", "address": "Flat 9"},
    ]
)  # fmt: skip


def shown(text: str) -> str:
    made, at = "", 0
    for place in FACTS.places(text):
        made += text[at : place.start] + place.instead + ("" if place.certain else "?")
        at = place.end
    return made + text[at:]


WRITINGS: dict[str, tuple[str, str]] = {
    "the whole address": ("at Flat 3, 14 Mill Lane, Guildford, GU1 3XX.", "at [address]."),
    "without commas, small": ("flat 3 14 mill lane guildford", "[address]"),
    "over lines": ("Flat 3\n14 Mill Lane\nGU1 3XX", "[address]"),
    "house and street": ("at 14 MILL LANE they", "at [address] they"),
    "the postcode, run together": ("in gu13xx.", "in [address]."),
    "the street alone is asked": ("in Mill Lane", "in [address]?"),
    "the room alone says nothing": ("in Flat 3", "in Flat 3"),
    "a room without a street says nothing": ("in Flat 9", "in Flat 9"),
    "the town alone says nothing": ("in Guildford", "in Guildford"),
    "a number in groups": ("NHS 943 476 5919", "NHS [number]"),
    "a number run together": ("9434765919", "[number]"),
    "a longer number": ("94347659190", "94347659190"),
    "a short number is looked for nowhere": ("12 times", "12 times"),
    "a day in words": ("on 2 November 2025", "on [date of birth]?"),
    "with its ending": ("the 2nd of November, 2025", "the [date of birth]?"),
    "the month cut": ("02-Nov-25", "[date of birth]?"),
    "the month first": ("November 2, 2025", "[date of birth]?"),
    "in digits": ("02/11/2025, 2.11.25", "[date of birth]?, [date of birth]?"),
    "as machines write": ("2025-11-02", "[date of birth]?"),
    "no-break spaces": ("2\u00a0November\u00a02025", "[date of birth]?"),
    "another day of the month": ("12 November 2025", "12 November 2025"),
    "the month alone": ("in November 2025", "in November 2025"),
}


@pytest.mark.parametrize(("text", "expected"), WRITINGS.values(), ids=WRITINGS)
def test_every_writing_of_a_fact_is_seen(text: str, expected: str) -> None:
    assert shown(text) == expected
