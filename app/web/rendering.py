"""Sets up the templates: where they lie, the words they may use, what every page has.

The components in templates/components are put together from the Design System's macros.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask.templating import Environment
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from app.casework.mail import mail_stands
from app.config.telephone import Answered, answered
from app.engine import Fault, day_in_london, lateness, saying
from app.store import MailStanding, StoreFault
from app.web.forms import parted, to_html
from app.web.site import now, powers, sees_whole, site

VENDOR = Path(__file__).parent / "static" / "vendor"
STAMP = VENDOR / "STAMP"
#: an answer of more characters or lines than this folds behind its first half of that
_LONG, _LONG_LINES = 600, 14


class Templates(Environment):
    """Names that every template has, as they are: Jinja puts them behind others of each template,
    of which we have none, and then looks for each name in both whenever one imports another. That
    was a fifth of the time of a page with many questions."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    app.jinja_env.loader = ChoiceLoader(
        [
            PackageLoader("app.web"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=saying.day,
        short_day=saying.short_day,
        moment=saying.moment,
        month_of=saying.month_of,
        short_moment=saying.short_moment,
        clock=saying.clock,
        count=saying.count,
        plain_name=plain_name,
        markdown=to_html,
        parted=parted,
        in_two=in_two,
    )
    app.jinja_env.globals.update(
        due_words=saying.due,
        relative=relative,
        standing=standing,
        asset=asset,
        file_address=file_address,
        files_hint=files_hint,
        files_most=lambda: (site().config.files.most_bytes, 30_000_000),
        new_key=lambda: uuid.uuid4().hex,
        now=now,
    )
    app.context_processor(_everywhere)


def assets_ready() -> bool:
    """Whether the built assets are there; without them pages take the plain stylesheet."""
    return STAMP.is_file()


def file_address(task: Any, digest: str) -> str:
    """Of a file that answers to a task name; `task`: its page. A guest has one task and no other
    address."""
    if request.blueprint == "guest":
        return url_for("answer_files.of_guest", digest=digest)
    return url_for("answer_files.download", case=task.case, task=task.task, digest=digest)


def files_hint(accept: str) -> str:
    """What can be chosen: how large, and of which kinds."""
    return f"Up to {site().config.files.most} each, 30 MB at a time. Kinds: {accept}."


def relative(due: Any, whole_day: bool, calendar: str = "") -> str:
    """`calendar`: the mark of the one by which the limit counts; "" is the house's."""
    return lateness.relative(due, whole_day, now(), _working_day(calendar))


def standing(row: Any) -> lateness.Urgency | None:
    """`row`: with `due`, `whole_day`, `backstop` and `calendar`."""
    return lateness.standing(
        row.due, row.whole_day, row.backstop, now(), _working_day(row.calendar or "")
    )


def plain_name(text: str | None) -> str:
    """A name made for programs as people write it: scoping_returns → Scoping returns."""
    words = saying.plain(text or "")
    return words[:1].upper() + words[1:]


def in_two(text: str) -> tuple[str, str]:
    """How a text begins and the rest of it; of one that is not long the rest is empty. Together
    they are the text."""
    lines = text.splitlines(keepends=True)
    if len(text) <= _LONG and len(lines) <= _LONG_LINES:
        return text, ""
    whole = "".join(lines[: _LONG_LINES // 2])[: _LONG // 2]
    ends = (whole.rfind(end) + len(end) for end in ("\n", ". ", " ") if end in whole)
    at = next((end for end in ends if end > len(whole) // 2), len(whole))
    return text[:at], text[at:]


def _working_day(calendar: str) -> lateness.WorkingDay:
    return site().desk.settings.calendar.marked(calendar).is_working_day


def asset(name: str) -> str:
    """Address of a file in static/, with a mark of its content so that browsers may keep it."""
    place = request.script_root, name, _mark(name)
    if place not in _addresses:
        _addresses[place] = url_for("static", filename=name, v=place[2])
    return _addresses[place]


def _mark(name: str) -> str:
    if name.startswith("vendor/"):
        return _vendor_mark(STAMP.stat().st_mtime_ns) if STAMP.is_file() else "0"
    if name not in _marks:
        content = (Path(__file__).parent / "static" / name).read_bytes()
        _marks[name] = hashlib.sha256(content).hexdigest()[:8]
    return _marks[name]


@lru_cache(maxsize=1)
def _vendor_mark(_written: int) -> str:
    return STAMP.read_text()[:8]


_marks: dict[str, str] = {}
#: (where the site lies, file, mark of its content) → address
_addresses: dict[tuple[str, str, str], str] = {}


def _seconds_left() -> int | None:
    """Until the session ends, when nothing more is done; None for nobody."""
    until = g.get("session_until")
    if until is None:
        return None
    idle = site().config.sign_in.idle_minutes * 60
    return max(0, min(idle, int((until - now()).total_seconds())))


def _mail_stands() -> MailStanding | None:
    """None where the database does not say: a page about something else is shown all the same."""
    try:
        return mail_stands(site().desk, now(), site().config.mail.alarms_after)
    except StoreFault:
        return None


def _telephone() -> tuple[Answered, ...]:
    """Whom to ring now. A page is shown without, where no calendar says what day it is."""
    try:
        return answered(site().config.telephone, now(), _working_day(""))
    except (Fault, StoreFault):
        return ()


def _everywhere() -> dict[str, Any]:
    return {
        "config": site().config,
        "organisation": site().config.organisation_on(day_in_london(now())),
        "person": g.get("person"),
        "person_may": powers(),
        "sees_whole": sees_whole,
        "assets_ready": assets_ready(),
        "mail_stands": _mail_stands,
        "telephone_now": _telephone,
        "idle_minutes": site().config.sign_in.idle_minutes,
        "session_until": g.get("session_until"),
        "session_seconds": _seconds_left(),
    }
