"""Which answers are counted for the figures, as config.yaml says it, and how small numbers show.

Counting is the audit room's.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.config.sections import ConfigError, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Answers that are days of birth are counted by age, in bands."""

    #: key of the answer, of the same step, that says on which day
    on: str
    #: the first age of each band but the lowest: 1, 6 → under 1, 1 to 5, 6 and over
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One question, whose answers are counted: of each case the newest."""

    id: str
    name: str
    #: the step that asks it
    step: str
    #: its key; of a question about each of several: the list's, then its own
    path: tuple[str, ...]
    ages: Ages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    of: tuple[Count, ...] = ()
    #: numbers under it are not shown; 0: all are, and small ones are marked
    suppress_under: int = 0
    #: … for who does not see in whole every case that is counted; 0: as for everybody
    suppress_unseen_under: int = 5

    def under(self, *, unseen: bool) -> int:
        """Numbers under it are not shown to who may not see some of the cases, or to who may."""
        return max(self.suppress_under, self.suppress_unseen_under if unseen else 0)


def read_counts(top: Section) -> Counts:
    """The list under “counts”, and “suppress_under”. ConfigError."""
    counts: tuple[Count, ...] = top.each("counts", _count, [])
    ids = [count.id for count in counts]
    for id in ids:
        if ids.count(id) > 1:
            raise ConfigError(f"{top.file}: two of “counts” have the id “{id}”.")
    under = {"suppress_under": top.number("suppress_under", 0)}
    under["suppress_unseen_under"] = top.number("suppress_unseen_under", 5)
    for key, number in under.items():
        if number < 0:
            raise ConfigError(f"{top.file}: “{key}” must be 0 or more, not {number}.")
    return Counts(of=counts, **under)


def _count(section: Section) -> Count:
    step, *path = section.text("answer").split(".")
    if not step or not 1 <= len(path) <= 2 or not all(path):
        raise ConfigError(
            f"{section.file}: “{section.name('answer')}” must name an answer as step.question,"
            " or as step.list.question."
        )
    return Count(
        id=section.text("id"),
        name=section.text("name"),
        step=step,
        path=tuple(path),
        ages=_ages(section),
    )


def _ages(section: Section) -> Ages | None:
    if section.get("ages", None) is None:
        return None
    ages = section.section("ages")
    bands = ages.typed("from", list, "a list of ages")
    if not bands or not all(type(age) is int and age > 0 for age in bands):
        raise ConfigError(f"{ages.file}: “{ages.name('from')}” must be a list of ages.")
    read = Ages(on=ages.text("day"), bands=tuple(sorted(bands)))
    ages.finish()
    return read
