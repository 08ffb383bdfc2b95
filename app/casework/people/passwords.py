"""Passwords: hashed and compared the same however they were typed, and none that everybody knows.

Hashing takes memory on purpose; only so many are hashed at once, so that nobody can fill it.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from app.casework.errors import Overloaded, Refused
from app.store import PersonRow

SHORTEST, LONGEST = 12, 200
#: of zxcvbn: it withstands 10⁸ guesses
_SCORE = 3
#: it looks no further, however long a password is: its work grows with the square
_LOOKED_AT = 72
#: each needs 64 MiB
AT_ONCE = 2
#: seconds that the others wait for their turn
PATIENCE = 5.0
_HASHER = PasswordHasher()
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Raises `Overloaded`."""
    with _turn():
        return _HASHER.hash(plain(password))


def matches(row: PersonRow | None, password: str) -> bool:
    """An unknown or disabled person costs the same time as a wrong password. `Overloaded`."""
    usable = row is not None and row.password is not None and not row.disabled
    kept = row.password if row is not None and row.password and usable else decoy()
    # As it came too: what an earlier release hashed was not composed.
    with _turn():
        typed = dict.fromkeys([plain(password), password])
        return any(_fits(kept, each) for each in typed) and usable


def outdated(row: PersonRow) -> bool:
    """Whether it was hashed with less than is usual now."""
    return bool(row.password) and _HASHER.check_needs_rehash(str(row.password))


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=PATIENCE):
        raise Overloaded(seconds=5)
    try:
        yield
    finally:
        _TURNS.release()


def plain(password: str) -> str:
    """However its letters were composed, it is the same password (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _fits(kept: str, password: str) -> bool:
    try:
        return len(password) <= LONGEST * 4 and _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def decoy() -> str:
    """What an unknown person's password is checked against."""
    return _HASHER.hash(secrets.token_hex(16))


def long_enough(password: str) -> None:
    """Raises `Refused`."""
    if len(plain(password)) < SHORTEST:
        raise _wrong(f"A password needs {SHORTEST} characters or more.")
    if len(plain(password)) > LONGEST:
        raise _wrong(f"A password has {LONGEST} characters at most.")


def fit_to_choose(password: str, row: PersonRow, house: Iterable[str] = ()) -> None:
    """Whether the person may choose it; `house`: words of the organisation, by which others would
    guess first. Raises `Refused` with what is wrong with it."""
    long_enough(password)
    low = plain(password).casefold()
    told = [word.casefold() for word in house]
    own = [part for part in (*_own_words(row), *told) if len(part) >= 4]
    if any(part in low for part in own) and len(_without(low, own)) < SHORTEST:
        raise _wrong(
            "The password holds your name or address, or a word of this organisation."
            " Choose one that does not."
        )
    if _common(low[:_LOOKED_AT], own):
        raise _wrong(
            "This password is easy to guess, or one of those that many people use. "
            "Choose another, for example three words that do not belong together."
        )


def _common(low: str, own: list[str]) -> bool:
    return bool(zxcvbn(low, user_inputs=own)["score"] < _SCORE)


def _own_words(row: PersonRow) -> list[str]:
    words = [row.id, *(row.email or "").split("@")[:1], *row.name.split()]
    parts = [part for word in words for part in (word, *_split(word))]
    return list(dict.fromkeys(part.casefold() for part in parts))


def _split(word: str) -> list[str]:
    for sign in "._-+'’":
        word = word.replace(sign, " ")
    return word.split()


def _without(low: str, own: list[str]) -> str:
    for part in sorted(own, key=len, reverse=True):
        low = low.replace(part, "")
    return low


def _wrong(sentence: str) -> Refused:
    return Refused(sentence, {"password": sentence})
