"""A case's history as files: CSV for a spreadsheet, JSON lines for a program; figures as CSV.

Cells can never be formulas (OWASP ASVS 1.2.10); what people read comes from `narrative`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from app.audit.by_month import ByMonth
from app.audit.entries import Entry
from app.audit.narrative import Sentence
from app.audit.timeliness import SMALL, Counted, Figures, Timeliness
from app.engine import feel, iso_second, to_dict

_HEAD = ("Entry", "When (London)", "When (UTC)", "Who", "About", "Element", "What")
_FIGURES = (
    "Measure", "Name", "Legal basis", "Year", "Year ends", "In time",
    "Of these recorded after the limit", "Late", "Still open and late", "Not yet due", "Left out",
    "Why left out", "In time, per cent of those decided", "Median lateness, working days",
    "Worst lateness, working days", "Median lateness, hours", "Worst lateness, hours",
    "Limit kept or to come, behind the local target", "As of", "Note",
)  # fmt: skip
_MONTHS = (
    "Measure", "Name", "Month", "In time", "In time, but behind the local target", "Late",
    "Still open and late", "Not yet due", "As of", "Note",
)  # fmt: skip
#: beside every figure that could tell who it was
SMALL_NOTE = (
    f"Counts under {SMALL}, and figures made of them, could identify a person."
    " Do not publish them as they are."
)
#: a spreadsheet takes a cell that begins with one of these for a formula or hides it
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Text that no spreadsheet runs: a quote in front of what could begin a formula."""
    text = "" if value is None else str(value).replace("\x00", "")
    if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA):
        return f"'{text}"
    return text


def sentences_csv(sentences: Iterable[Sentence]) -> str:
    """RFC 4180 with a byte-order mark, so that spreadsheets read it as UTF-8."""
    rows = (
        (
            sentence.seq, iso_second(sentence.at),
            sentence.at.isoformat(), sentence.who, sentence.topic, sentence.element or "",
            sentence.text,
        )
        for sentence in sentences
    )  # fmt: skip
    return table_csv(_HEAD, rows)


def figures_csv(timeliness: Timeliness) -> str:
    """A row a measure and year; counts only, no case. As RFC 4180 says, like the sentences."""
    rows = (
        _figures(counted, year, timeliness)
        for counted in timeliness.measures
        for year in counted.years or (None,)
    )
    return table_csv(_FIGURES, rows)


def _figures(counted: Counted, year: Figures | None, timeliness: Timeliness) -> Sequence[object]:
    measure, as_of = counted.measure, timeliness.as_of.isoformat(timespec="seconds")
    named = (measure.id, measure.name, measure.basis or "")
    if year is None:
        asked = "" if timeliness.year is None else timeliness.years.name(timeliness.year)
        note = " ".join((*counted.remarks, "Nothing to count."))
        return (*named, asked, *[""] * (len(_FIGURES) - 6), as_of, note)
    notes = (*counted.remarks, *([SMALL_NOTE] if year.small else []))
    why = "; ".join(f"{number} {reason}" for reason, number in year.left_out.items())
    return (
        *named, timeliness.years.name(year.year), timeliness.years.ends(year.year).isoformat(),
        year.in_time, year.recorded_after, year.late, year.open_late, year.running,
        sum(year.left_out.values()), why, year.per_cent, year.median_days, year.worst_days,
        year.median_hours, year.worst_hours, "" if measure.target is None else year.behind, as_of,
        " ".join(notes),
    )  # fmt: skip


def counts_csv(timeliness: Timeliness) -> str:
    """A row an answer and year. A number that is not shown is “under 5”, as the settings say."""
    under = f"under {timeliness.suppress_under}"
    rows = (
        (
            asked.count.id, asked.count.name, timeliness.years.name(year.year), one.label,
            under if one.number is None else one.number,
            timeliness.as_of.isoformat(timespec="seconds"),
            SMALL_NOTE if one.number and one.number < SMALL else "",
        )
        for asked in timeliness.counts
        for year in asked.years
        for one in year.numbers
    )  # fmt: skip
    return table_csv(("Count", "Name", "Year", "Answer", "Number", "As of", "Note"), rows)


def months_csv(report: ByMonth) -> str:
    """A row a measure and month, the month as 2026-11; counts only, no case."""
    under, as_of = f"under {report.suppress_under}", report.as_of.isoformat(timespec="seconds")
    rows = (
        (
            one.measure.id, one.measure.name, month.first.isoformat()[:7],
            *(under if number is None else number for number in month.numbers), as_of,
            SMALL_NOTE if any(n and n < SMALL for n in month.numbers) else "",
        )
        for one in report.measures
        for month in one.months
    )  # fmt: skip
    return table_csv(_MONTHS, rows)


def table_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def entries_jsonl(history: Iterable[Entry]) -> Iterator[str]:
    """One JSON object a line: the order and its facts, values as FEEL values in JSON."""
    for entry in history:
        line = {
            "seq": entry.seq,
            "at": entry.at.isoformat(),
            "kind": entry.kind,
            "actor": entry.actor or None,
            "by": entry.by or None,
            "command": feel.codec.encode(dict(entry.command)),
            "events": [feel.codec.encode(to_dict(event)) for event in entry.events],
            "state": entry.state,
            "deployment": entry.definition,
            "calendar": entry.calendar,
        }
        if entry.unread:
            line["unread"] = list(entry.unread)
        yield json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"
