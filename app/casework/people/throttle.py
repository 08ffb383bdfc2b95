"""How long somebody waits after failures to sign in; whoever knows the password gets in.

Failures are counted for a person at a place (an address, or a browser in which they have signed in
before), for the address, and for the person wherever it was. Each count falls with time. What was
typed does not matter: id and e-mail address of one person are one budget.

- At a place where they failed too often, a person waits up to `SignInRules.longest_wait`.
- An address that failed too often waits too, but not for a person nobody failed for lately: a right
  password from a busy office passes.
- Where a person was failed for from many places, new places wait and known browsers do not. One
  place alone cannot bring that about: it waits longer than a failure counts there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.cases import installation_log as log
from app.casework.errors import Throttled
from app.casework.settings import SignInRules
from app.engine import saying
from app.store import Keys, PersonRow, Store, Unit


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt, by the hidden names under which it is counted."""

    place: str
    address: str
    account: str
    #: it comes from a browser in which this person signed in before
    known: bool

    @classmethod
    def of(cls, keys: Keys, account: str, address: str, known: bool, device: str) -> Try:
        """`account`: the person's id, or what was typed where nobody is called so."""

        def hidden(*parts: str) -> str:
            return keys.fingerprint("\n".join(parts).encode("utf-8", "surrogatepass")).hex()

        where = ("device", device) if known else ("address", address)
        return cls(
            hidden("place", account, *where), hidden("address", address),
            hidden("account", account), known,
        )  # fmt: skip

    @property
    def counted(self) -> tuple[str, ...]:
        """A known browser's failures are its own alone."""
        return (self.place,) if self.known else (self.place, self.address, self.account)


def attempt(keys: Keys, row: PersonRow | None, name: str, address: str, kept: str) -> Try:
    """`name`: what was typed; `kept`: what the browser has of an earlier `device`."""
    account = row.id if row is not None else f"\n{name.strip().lower()}"
    known = row is not None and _is_device_of(keys, row.id, kept)
    return Try.of(keys, account, address, known, kept)


def of_session(keys: Keys, person: str, session: str) -> Try:
    """An attempt of somebody who is signed in: counted for that session alone."""
    mark = hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()
    return Try.of(keys, person, "", True, f"session {mark}")


def _device(keys: Keys, person: str, mark: str) -> str:
    """What a browser keeps: a mark of its own, and what only we can have put behind it."""
    said = f"device\n{person}\n{mark}".encode("utf-8", "surrogatepass")
    return f"{mark}.{keys.fingerprint(said).hex()}"


def _is_device_of(keys: Keys, person: str, kept: str) -> bool:
    """Whether this person signed in before in the browser that kept it."""
    mark = kept.partition(".")[0]
    known = _device(keys, person, mark).encode("utf-8", "surrogatepass")
    return bool(mark) and hmac.compare_digest(kept.encode("utf-8", "surrogatepass"), known)


def device(keys: Keys, person: str, made: Try, kept: str) -> str:
    """What the browser shall keep after a success."""
    return kept if made.known else _device(keys, person, secrets.token_hex(16))


def stop(wait: timedelta) -> None:
    """Raises `Throttled` where there is something to wait for."""
    if wait > timedelta():
        seconds = int(wait.total_seconds()) + 1
        raise Throttled(f"Too many attempts. Please wait {_in_words(seconds)}.", seconds=seconds)


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return saying.count(seconds, "second")
    return saying.count(-(-seconds // 60), "minute")


def told(database: Store, person: str, at: datetime) -> None:
    """Counts a failure of somebody known in the installation's log."""
    log.refused(database, log.FAILED, log.of_person(person), at)


def admit(unit: Unit, rules: SignInRules, attempt: Try, at: datetime) -> timedelta:
    """How long to wait; nothing: it is counted as failed, in advance, so that parallel guesses
    count too, and may be checked."""
    left = _left(unit, rules, attempt, at)
    wait = _wait(rules, attempt, left, at)
    if wait <= timedelta():
        for name in attempt.counted:
            store.people.accounts.leave(unit, name, left[name][0] + 1, at)
    return max(wait, timedelta())


def succeeded(unit: Unit, attempt: Try) -> None:
    """Forgives the place. Of the others only this try is taken back: who knows one password could
    else guess others for ever."""
    store.people.accounts.forgive(unit, attempt.place)
    for name in attempt.counted[1:]:
        store.people.accounts.uncount(unit, name)


def forgive(unit: Unit, attempt: Try) -> None:
    """It was never checked."""
    for name in attempt.counted:
        store.people.accounts.uncount(unit, name)


def _left(
    unit: Unit, rules: SignInRules, attempt: Try, at: datetime
) -> dict[str, tuple[int, datetime | None]]:
    """Name → (failures that still count, when the last one was)."""
    kept = store.people.accounts.failures(unit, attempt.counted)
    every = dict.fromkeys((attempt.address, attempt.account), rules.wide_forgives)
    left: dict[str, tuple[int, datetime | None]] = {}
    for name in attempt.counted:
        count, last = kept.get(name, (0, None))
        if last is not None:
            gone = max(at - last, timedelta()) // every.get(name, rules.forgives)
            count = max(0, count - gone)
        left[name] = count, last
    return left


def _wait(
    rules: SignInRules,
    attempt: Try,
    left: dict[str, tuple[int, datetime | None]],
    at: datetime,
) -> timedelta:
    free = {attempt.place: rules.account_failures}
    if not attempt.known:
        free[attempt.account] = rules.everywhere_failures
        if left[attempt.account][0]:
            free[attempt.address] = rules.address_failures
    longest = timedelta()
    for name, most in free.items():
        count, last = left[name]
        if count >= most and last is not None:
            pause = min(timedelta(seconds=2 ** min(count - most, 20)), rules.longest_wait)
            longest = max(longest, last + pause - at)
    return longest
