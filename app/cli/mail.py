"""The commands of who runs the program: `mail`, what waits and what failed; `mail bounced`, what a
mailbox sent back."""

from __future__ import annotations

import argparse
import sys

from app.casework import Desk, mail
from app.config import Config
from app.engine import moment, saying
from app.scheduler import bounces
from app.scheduler.clock import present

Given = argparse.Namespace


def listing(desk: Desk, config: Config, given: Given) -> int:
    """Says which mails wait and which failed; --sent says those that went. 1 where it alarms.
    “bounced” reads a message from standard input that came to the sender's mailbox, and marks the
    mail that it says has come back; 1 only where it could not look, so that it is given again."""
    if given.what == "bounced":
        return _bounced(desk)
    if config.mail.unsent:
        print(config.mail.unsent)
    listed = mail.every_line(desk, "sent" if given.sent else "open")
    for line in listed.lines:
        where = f" ({line.case})" if line.case else ""
        tries = f", {saying.count(line.tries, 'try', 'tries')}" if line.tries else ""
        print(f"{line.state}: {line.what} to {line.to}{where}, since {moment(line.since)}{tries}")
        if line.state == "waiting" and line.held_until and not line.fault:
            goes = "goes with the mail of the day" if line.daily else "goes"
            print(f"  It {goes} on {moment(line.held_until)}.")
        if line.fault:
            print(f"  {line.fault}")
    if listed.more:
        print(f"There are more: these are the newest {len(listed.lines)}.")
    stands = mail.mail_stands(desk, present(desk.store), config.mail.alarms_after)
    print(f"{stands.waiting} wait, {stands.late} of them too long; {stands.failed} failed lately.")
    return 1 if stands.alarming else 0


def _bounced(desk: Desk) -> int:
    content = sys.stdin.buffer.read(bounces.MOST_BYTES + 1)
    try:
        print(bounces.take_in(desk.store, content, present(desk.store)))
    except bounces.NoBounce as said:
        print(said)
    return 0
