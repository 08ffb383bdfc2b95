"""What machines ask that watch the installation: does it live, is it ready, how much waits.

Counts, ages and yes or no; never a case, a person or a word of either. Whoever may ask for figures
is a setting (`web.watchers`); that it lives and is ready anybody may know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from app.casework import NotFound
from app.scheduler import clock
from app.store import StoreFault, Unit
from app.store.queries import condition
from app.web import proxy
from app.web.request_lines import COUNTED
from app.web.session import public
from app.web.site import desk, now, site

bp = Blueprint("health", __name__)

#: further apart than this, the two clocks cannot both be believed
SKEW = timedelta(seconds=2)
_UNAVAILABLE = 503


@bp.get("/healthz")
@bp.get("/livez")
@public
def livez() -> Response:
    """Says that the web process answers, and nothing else to strangers. Asks nobody."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether people can work: what is wrong is named, 503 then."""
    told = dict(_checked())
    ready = all(said == "ok" for said in told.values())
    # People can work without mail, so no balancer need turn them away; it is said all the same.
    mail = site().config.mail.unsent or "ok"
    return jsonify(ready=ready, mail=mail, **told), 200 if ready else _UNAVAILABLE


@bp.get("/metrics")
@public
def metrics() -> Response:
    """For Prometheus; who may not ask is told that there is no such page."""
    if not proxy.is_watcher(site().config.web.watchers):
        raise NotFound
    content = generate_latest(_figures()) + generate_latest(COUNTED)
    return Response(content, content_type=CONTENT_TYPE_LATEST)


def _checked() -> Iterator[tuple[str, str]]:
    """(what was looked at, "ok" or what is wrong with it)."""
    try:
        with desk().store.reading() as unit:
            looked = [(name, look(unit)) for name, look in _LOOKS.items()]
    except StoreFault:
        yield "database", "cannot be reached, or is not in order"
        return
    yield from looked


def _database(unit: Unit) -> str:
    return "ok" if condition.is_writable(unit) else "takes nothing: it is a replica"


def _schema(unit: Unit) -> str:
    return "ok" if condition.is_current(unit) else "is of another release"


def _key(unit: Unit) -> str:
    other = condition.has_other_keys(unit)
    return "cases are sealed with a key that is not here" if other else "ok"


def _clock(unit: Unit) -> str:
    """Instants are the database's own; whoever else writes times, a log or a proxy, has ours."""
    apart = abs(_apart(unit))
    if apart <= SKEW:
        return "ok"
    return f"this machine's differs from the database's by {apart.total_seconds():.0f} s"


def _apart(unit: Unit) -> timedelta:
    """By how much the database's clock is before this machine's."""
    theirs = condition.database_clock(unit)
    return timedelta() if theirs is None else theirs - clock.now()


def _worker(unit: Unit) -> str:
    seen = condition.worked_at(unit)
    there = seen is not None and now() - seen <= condition.SEEN_WITHIN
    return "ok" if there else "nobody wakes deadlines or sends mail: start “rapid-review work”"


_LOOKS: dict[str, Callable[[Unit], str]] = {
    "database": _database, "schema": _schema, "key": _key, "clock": _clock, "worker": _worker,
}  # fmt: skip


def _figures() -> CollectorRegistry:
    """As the database has them at this moment."""
    registry, at = CollectorRegistry(), now()
    with desk().store.reading() as unit:
        load, seen = condition.load(unit, at), condition.worked_at(unit)
        skew = _apart(unit)
    for name, about, value in (
        ("open_cases", "Cases that have not ended", load.open_cases),
        ("overdue_timers", "Cases with a timer that is due and was not fired", load.overdue.count),
        ("overdue_seconds", "How long the longest of them waits", _age(load.overdue.since, at)),
        ("outbox_waiting", "Mails and signals that wait", load.outbox.count),
        ("outbox_seconds", "How long the oldest of them waits", _age(load.outbox.since, at)),
        ("outbox_given_up", "Mails and signals that were given up", load.given_up),
        ("incidents", "Incidents that stand", load.stopped),
        ("stalled_cases", "Cases that nobody and nothing will move", load.standing),
        ("worker_seconds", "Since a worker was last there; -1: never", _age(seen, at, -1.0)),
        ("clock_skew_seconds", "The database's clock before ours", skew.total_seconds()),
    ):
        Gauge(f"casework_{name}", about, registry=registry).set(value)
    return registry


def _age(since: datetime | None, at: datetime, never: float = 0.0) -> float:
    return never if since is None else max(0.0, (at - since).total_seconds())
