"""Counted answers over the years: one question, its answers by year, as plots with the table that
says the same, and as CSV.

What is counted is config.yaml's, how is the audit room's. An answer keeps the words of its row also
after a later list has taken its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from flask import Blueprint, Response, abort, render_template, request

from app.audit.counts import NOT_ANSWERED, UNREADABLE, Asked
from app.audit.exports import table_csv
from app.audit.timeliness import NONE, SMALL, Timeliness
from app.web import plots
from app.web.pages.figures import asked, asked_years
from app.web.site import site

bp = Blueprint("figures_over_years", __name__, url_prefix="/figures/over-the-years")

#: newest years that stand beside each other on the page; the file has all
_MOST_YEARS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """How often an answer was given, by year; None: the number is small and not shown."""

    letter: str
    label: str
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    #: the earliest first
    years: tuple[int, ...]
    #: the most frequent answer first, what was not answered last
    rows: tuple[Row, ...]


@bp.get("")
def page() -> str:
    kind, report, of = _report()
    table = _table(of, _MOST_YEARS)
    return render_template(
        "figures_over_years.html",
        found=report,
        kind=kind,
        own=site().config.years,
        of=of,
        table=table,
        plotted=_plots(table),
        small=SMALL,
    )


@bp.get("/download.csv")
def csv() -> Response:
    _, report, of = _report()
    name = f"answers-by-year-{report.as_of.date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    table = _table(of)
    under = f"under {report.suppress_under}"
    head = (of.count.name if of else "Answer", *(report.years.name(year) for year in table.years))
    rows = [(row.label, *(under if n is None else n for n in row.numbers)) for row in table.rows]
    return Response(table_csv(head, rows), content_type="text/csv; charset=utf-8", headers=headers)


def _report() -> tuple[str, Timeliness, Asked | None]:
    """All years of the count that the address names, or of the first; None: nothing is counted."""
    kind, _, _ = asked_years()
    report = asked(kind, None, NONE)
    wanted = request.args.get("count", "")
    fitting = [of for of in report.counts if wanted in ("", of.count.id)]
    if wanted and not fitting:
        abort(404)
    return kind, report, fitting[0] if fitting else None


def _table(of: Asked | None, most: int | None = None) -> Table:
    years = sorted(of.years if of else (), key=lambda year: year.year)[-most if most else 0 :]
    given = [{number.label: number.number for number in year.numbers} for year in years]
    labels = {label for each in given for label in each}

    def often(label: str) -> tuple[bool, int, str]:
        return (
            label in (NOT_ANSWERED, UNREADABLE),
            -sum(each.get(label, 0) or 0 for each in given),
            label,
        )

    return Table(
        tuple(year.year for year in years),
        tuple(
            Row(_letter(place), label, tuple(each.get(label, 0) for each in given))
            for place, label in enumerate(sorted(labels, key=often))
        ),
    )


def _letter(place: int) -> str:
    """A, B … Z, AA, AB: words are too long for a plot."""
    turn, at = divmod(place, len(ascii_uppercase))
    return (ascii_uppercase[turn - 1] if turn else "") + ascii_uppercase[at]


def _plots(table: Table) -> Sequence[plots.Plot]:
    """One a year, all to one scale."""
    longest = max((n or 0 for row in table.rows for n in row.numbers), default=0)
    return [
        plots.bars([(row.letter, (row.numbers[at],)) for row in table.rows], 24, longest)
        for at in range(len(table.years))
    ]
