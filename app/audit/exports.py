"""A case's history as files: CSV for a spreadsheet, JSON lines for a program.

Cells can never be formulas (OWASP ASVS 1.2.10); what people read comes from `narrative`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from app.audit.entries import Entry
from app.audit.narrative import Sentence
from app.audit.wording import LONDON
from app.engine.events import to_dict
from app.engine.feel import codec

_HEAD = ("Entry", "When (London)", "When (UTC)", "Who", "About", "Element", "What")
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
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    for one in sentences:
        london = f"{one.at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"
        row = (one.seq, london, one.at.isoformat(), one.who, one.topic, one.element or "", one.text)
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def entries_jsonl(history: Iterable[Entry]) -> Iterator[str]:
    """One JSON object a line: the order and its facts, values as FEEL values in JSON."""
    for entry in history:
        found = {
            "seq": entry.seq,
            "at": entry.at.isoformat(),
            "kind": entry.kind,
            "actor": entry.actor or None,
            "by": entry.by or None,
            "command": codec.encode(dict(entry.command)),
            "events": [codec.encode(to_dict(event)) for event in entry.events],
            "state": entry.state,
            "deployment": entry.definition,
            "calendar": entry.calendar,
        }
        yield json.dumps(found, ensure_ascii=False, sort_keys=True) + "\n"
