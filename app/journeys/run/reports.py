"""How journeys went: a summary in plain lines, and a file in JUnit's form for build servers.

One test suite a journey, with one test case in it; its output are the lines that were said, and
what was filled in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from app.journeys.file import JourneyFault

#: what XML 1.0 cannot hold (section 2.2)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one journey went."""

    file: str
    title: str
    #: empty: it holds
    faults: tuple[JourneyFault, ...]
    #: a line a step, and what was filled in
    log: Sequence[str]
    seconds: float = 0
    #: (process id, element or flow id) that was reached
    walked: Set[tuple[str, str]] = frozenset()
    steps: int = 0
    checks: int = 0
    timers: int = 0
    cases: int = 0

    def told(self) -> str:
        """Its last line."""
        if self.faults:
            many = "" if len(self.faults) == 1 else f" ({len(self.faults)} faults)"
            return f"  does not hold{many}: {self.faults[0]}"
        return (
            f"  holds: {self.steps} steps, {self.checks} checks,"
            f" {self.timers} timers, {self.cases} cases"
        )


def not_deployed(said: Sequence[str]) -> Outcome:
    """No journey was played: the content as it lies cannot run."""
    fault = JourneyFault("The diagrams, tables and forms cannot run.")
    title = "The content can be deployed"
    return Outcome(file="content", title=title, faults=(fault,), log=said)


def summary(outcomes: Sequence[Outcome]) -> str:
    """All in one line."""
    failed = sum(1 for outcome in outcomes if outcome.faults)
    steps, checks = (
        sum(outcome.steps for outcome in outcomes),
        sum(outcome.checks for outcome in outcomes),
    )
    timers, cases = (
        sum(outcome.timers for outcome in outcomes),
        sum(outcome.cases for outcome in outcomes),
    )
    if failed:
        verb = "does not hold" if failed == 1 else "do not hold"
        return f"{failed} of {_many(len(outcomes))} that were played {verb}."
    verb = "holds" if len(outcomes) == 1 else "hold"
    return (
        f"{_many(len(outcomes))} {verb}: {steps:,} steps, {checks:,} checks, {timers:,} timers,"
        f" {cases:,} cases."
    )


def _many(journeys: int) -> str:
    return "1 journey" if journeys == 1 else f"{journeys:,} journeys"


def junit(outcomes: Sequence[Outcome], at: datetime) -> bytes:
    """`at`: aware, when it was run; written in UTC. Fits both schemas in use: that of Ant
    (JUnit.xsd) and that of Jenkins (junit-10.xsd), which knows no “error” in a test case."""
    top = ElementTree.Element("testsuites")
    for number, outcome in enumerate(outcomes):
        top.append(_suite(outcome, number, at))
    ElementTree.indent(top)
    written: bytes = ElementTree.tostring(top, encoding="UTF-8", xml_declaration=True)
    return written


def _suite(outcome: Outcome, number: int, at: datetime) -> ElementTree.Element:
    suite = ElementTree.Element(
        "testsuite", name=_xml(outcome.file), id=str(number), package="journeys",
        timestamp=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", hostname="localhost", tests="1",
        failures=str(int(bool(outcome.faults))), errors="0",
        time=f"{outcome.seconds:.3f}",
    )  # fmt: skip
    ElementTree.SubElement(suite, "properties")
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=_xml(outcome.title),
        classname=_xml(outcome.file),
        time=f"{outcome.seconds:.3f}",
    )
    if outcome.faults:
        first = _xml(str(outcome.faults[0]))
        told = ElementTree.SubElement(case, "failure", message=first, type="does not hold")
        told.text = _xml("\n".join(map(str, outcome.faults)))
    ElementTree.SubElement(suite, "system-out").text = _xml("\n".join(outcome.log))
    ElementTree.SubElement(suite, "system-err")
    return suite


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
