"""What an auditor types: verify, heads, replay, export, disclose and figures, told line by line.

The checks and the sentences are the audit room's; this only picks cases and prints.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from app.audit.disclosure import disclose as disclosed
from app.audit.exports import SMALL_NOTE, entries_jsonl, figures_csv, sentences_csv
from app.audit.narrative import whole
from app.audit.timeliness import NONE, timeliness
from app.audit.verification import (
    WRONG,
    Verdict,
    missed,
    verify_all,
    verify_case,
    verify_installation,
)
from app.audit.verification import heads as newest
from app.casework import SYSTEM, Desk
from app.config import Config, Years
from app.engine import saying

Say = Callable[[str], None]


def verify(desk: Desk, case: str | None, against: Path | None, say: Say) -> int:
    """Chain of one case, or of all; 1 when one is wrong. `against`: a list of heads. NotFound."""
    if case:
        wrong = _told([verify_case(desk.store, case, run_again=False)], say)
    else:
        log = verify_installation(desk.store)
        for line in log.lines() if log is not None else ():
            say(line)
        wrong = _told(verify_all(desk.store, run_again=False), say)
        wrong |= log is not None and not log.good
    if against is not None:
        lines = against.read_text(encoding="utf-8").splitlines()
        for reference, sentence in missed(desk.store, lines):
            say(f"{reference}: history {WRONG}. {sentence}")
            wrong = 1
    return wrong


def heads(desk: Desk, say: Say) -> int:
    """The newest entry of every case and of the log, a line each."""
    for line in newest(desk.store):
        say(line)
    return 0


def disclose(
    desk: Desk, case: str, entries: Sequence[int] | None, withheld: Sequence[str], say: Say
) -> int:
    """The file for a stranger, on standard output. NotFound, Refused."""
    with desk.store.reading() as unit:
        file = disclosed(unit, case, entries, withheld)
    say(json.dumps(file, indent=1))
    return 0


def replay(desk: Desk, case: str | None, reexecute: bool, say: Say) -> int:
    """The sentences of a case's history; with `reexecute` the chain and the state hashes too."""
    if reexecute:
        return _told([verify_case(desk.store, case)] if case else verify_all(desk.store), say)
    if not case:
        say("Which case? Give its reference, or --reexecute to run all again.")
        return 1
    for sentence in whole(desk, case).sentences:
        say(f"{sentence.seq:>5}  {sentence.text}")
    return 0


def export(desk: Desk, case: str, form: str, say: Say) -> int:
    """A case's history on standard output, as CSV of sentences or JSON lines of facts."""
    told = whole(desk, case)
    if form == "jsonl":
        for line in entries_jsonl(told.entries):
            say(line.rstrip("\n"))
    else:
        say(sentences_csv(told.sentences).rstrip("\r\n"))
    return 0


def figures(
    desk: Desk,
    config: Config,
    years: Years,
    at: datetime,
    year: int | None,
    csv: bool,
    say: Say,
) -> int:
    """The figures on timeliness, a line a measure and year, or as the page's CSV."""
    measures, counts = config.timeliness, config.counts
    counted = timeliness(desk, SYSTEM, at, measures, years, year, counts, NONE)
    if csv:
        say(figures_csv(counted).rstrip("\r\n"))
        return 0
    for measured in counted.measures:
        say(measured.measure.name)
        for remark in measured.remarks:
            say(f"  {remark}")
        for each in measured.years:
            share = "" if each.per_cent is None else f" ({each.per_cent}% in time)"
            aim = f", {each.behind} behind the local target" if measured.measure.target else ""
            say(
                f"  {years.name(each.year)}: {each.in_time} in time, {each.late} late,"
                f" {each.open_late} still open and late, {each.running} not yet due,"
                f" {sum(each.left_out.values())} left out{share}{aim}"
            )
    if any(year.small for measured in counted.measures for year in measured.years):
        say(SMALL_NOTE)
    return 0


def _told(verdicts: Iterable[Verdict], say: Say) -> int:
    wrong = count = 0
    for verdict in verdicts:
        count += 1
        wrong += not verdict.good
        for line in verdict.lines():
            say(line)
    say(f"{saying.count(count, 'case')} checked, {wrong} wrong.")
    return 1 if wrong else 0
