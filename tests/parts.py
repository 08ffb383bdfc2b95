"""Tells at the end of a test run how long each folder of tests took, over all workers.

Two figures: time that passed (tests of two workers side by side count twice) and processor time of
the tests and of the programs they waited for. Figures only: no test depends on them.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import pytest


@dataclass
class Part:
    tests: int = 0
    passed_s: float = 0
    processor_s: float = 0


class Parts:
    """A plugin; the reports of all workers come by in the process that prints."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = defaultdict(Part)
        self._worked = worked()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[Any]:
        report = yield
        now = worked()
        report.processor_s, self._worked = now - self._worked, now
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        part = self.parts[name_of(report.nodeid)]
        part.tests += report.when == "call"
        part.passed_s += report.duration
        part.processor_s += getattr(report, "processor_s", 0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        say = terminalreporter.write_line
        say(f"{'part':<14}{'tests':>7}{'passed':>10}{'processor':>12}")
        for name, part in sorted(self.parts.items()):
            seconds = f"{part.passed_s:>8.0f} s{part.processor_s:>10.0f} s"
            say(f"{name:<14}{part.tests:>7}{seconds}")


def worked() -> float:
    """Seconds of processor time of this process and of its ended children."""
    return sum(os.times()[:4])


def name_of(nodeid: str) -> str:
    """The folder below tests/ that a test lies in."""
    parts = PurePath(nodeid.partition("::")[0]).parts
    return parts[1] if len(parts) > 2 else "tests"


def pytest_configure(config: pytest.Config) -> None:
    # Workers have to name the same tests, also where a set's text is part of a name.
    os.environ.setdefault("PYTHONHASHSEED", str(random.randrange(2**32)))
    config.pluginmanager.register(Parts())
