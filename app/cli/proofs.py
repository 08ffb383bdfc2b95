"""The commands for lost second factors and work accounts: `person reset-second` and `unlink`."""

from __future__ import annotations

import argparse

from app.casework import SYSTEM, Desk
from app.casework.people.proof import resetting
from app.config import Config
from app.scheduler.account_mail import send_reset
from app.scheduler.clock import present

Given = argparse.Namespace


def say(text: str = "") -> None:
    print(text, flush=True)


def reset_second(desk: Desk, config: Config, given: Given) -> int:
    """Ends a lost app, recovery codes and passkeys of a person, who is told by mail."""
    row = resetting.reset(desk, SYSTEM, given.id, present(desk.store))
    told = send_reset(config.mail, row.email, config.title, present(desk.store))
    say(f"{given.id} has no second factor any more, and is signed out everywhere.")
    say("They were told by mail." if told else "No mail could be sent: tell them.")
    return 0


def unlink(desk: Desk, config: Config, given: Given) -> int:
    """Takes a work account of single sign-on away from a person."""
    resetting.unlink(desk, SYSTEM, given.id, given.issuer, given.subject, present(desk.store))
    say(f"{given.id} does not sign in with this work account any more.")
    return 0
