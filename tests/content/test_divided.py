"""A divided succession asks what a form asks, and covers every district that a case may have."""

from __future__ import annotations

from dataclasses import replace

from app import wiring
from app.config.installation import Config

MISSPELT = (("triage_request", "quadrnt"), ("triage_reqest", "quadrant"))


def said(config: Config) -> list[str]:
    return [one.sentence for one in wiring.check_files(config, []) if one.rule == "successions"]


def test_what_no_form_asks_is_told(config: Config) -> None:
    assert said(config) == []
    first, *rest = config.successions
    wrong = replace(config, successions=(replace(first, by=(*first.by, *MISSPELT)), *rest))
    assert said(wrong) == [
        f"“{step}.{question}” divides a succession, and no form asks it."
        for step, question in MISSPELT
    ]


def test_every_district_falls_to_one_of_them_and_the_unknown_to_somebody(config: Config) -> None:
    (divided,) = [one for one in config.successions if one.by]
    districts = {row["value"] for row in config.settings["quadrants"]} - {"ne"}
    assert divided.parts.keys() == districts | {""}
    agencies = {one.attributes.get("agency") for one in config.people}
    assert set(divided.parts[""]) <= agencies
