"""The installation's log as CSV, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from app.audit.exports import table_csv
from app.audit.installation.reading import Line
from app.audit.installation.words import TOPICS
from app.engine import iso_second

_HEAD = ("Entry", "When (London)", "When (UTC)", "Who", "Account", "About", "Topic", "What")


def log_csv(lines: Iterable[Line]) -> str:
    """A row an entry, as RFC 4180 says."""
    return table_csv(
        _HEAD,
        (
            (
                line.seq, iso_second(line.at), line.at.isoformat(), line.by, line.actor,
                ", ".join(line.about), TOPICS[line.topic], line.sentence,
            )
            for line in lines
        ),
    )  # fmt: skip
