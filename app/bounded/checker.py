"""Owns asking for a check of files: its bounds, and the verdicts that are known.

The verdict follows from the bytes of a set alone, so the newest few are remembered: a kept version
is not checked again at each look.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.bounded import frames, verdict
from app.bounded.line import LINE, Crowded
from app.bounded.verdict import Verdict
from app.engine import Finding, Program
from app.validation import deployment
from app.validation.deployment import digest, too_large

_REMEMBERED = 32
#: seconds for looking at what is known, where it is not known what that took
_UNKNOWN_COST = 12.0


@dataclass(frozen=True, slots=True)
class Limits:
    #: of processor time, for all new files of a set together
    seconds: float
    #: beside what Python and its libraries take
    megabytes: int
    #: seconds for each new file more: a whole set of small ones is no attack
    a_file: float = 0.01


#: for what comes over the web
UPLOADED = Limits(seconds=2, megabytes=600)
#: for the files that lie beside config.yaml, which whoever runs the command wrote themselves
OWN = Limits(seconds=60, megabytes=2_000)


def check(
    files: Mapping[str, bytes],
    limits: Limits = UPLOADED,
    known: Mapping[str, bytes] | None = None,
) -> Verdict:
    """The verdict on a set. What takes more than the limits is refused, by the name of the file
    that was looked at then. Never raises for bad input.

    `known`: a set that passed. What is the same there is not counted as new; looking at it anew
    may take twice what it took then, as a machine may be busier.
    """
    large = too_large(files)
    if large is not None:
        return Verdict(False, (large,), {}, digest(files))
    return _CHECKER.verdict(files, limits, known or {})


def built(files: Mapping[str, bytes]) -> Program:
    """The program of a set that passed, in this process; its findings are not worked out again."""
    program = deployment.check(files, accepted=True).program
    assert program is not None, "a check has passed it"
    return program


@dataclass
class _Checker:
    _known: OrderedDict[str, Verdict] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def verdict(
        self, files: Mapping[str, bytes], limits: Limits, known: Mapping[str, bytes]
    ) -> Verdict:
        key = digest(files)
        same = [path for path, content in files.items() if known.get(path) == content]
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            before = self._known.get(digest(known)) if same else None
        new = limits.seconds + limits.a_file * (len(files) - len(same))
        may = {"new": new, "all": new, "megabytes": limits.megabytes}
        if same:
            may["all"] += _UNKNOWN_COST if before is None else 1 + 2 * before.cost
        may["wall"] = may["all"] * 4  # by the clock: only a very busy machine needs so many
        try:
            given = replace(_asked(files, same, may), digest=key)
        except Crowded:
            sentence = "Other files are being checked. Try again in a minute."
            return replace(_stopped("", sentence), digest=key)
        if not any(finding.rule == TOO_MUCH for finding in given.findings):
            with self._lock:
                self._known[key] = given
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return given


def _asked(files: Mapping[str, bytes], same: list[str], may: Mapping[str, float]) -> Verdict:
    with LINE.asked({"do": "check", **may}) as line:
        # It may end while it reads; what it said of that can be read then.
        with contextlib.suppress(ConnectionError, TimeoutError):
            frames.send(line, json.dumps(same).encode("ascii"))
            frames.send_files(line, files)
        return _heard(line, may)


#: the rule of a finding that says the limits were met
TOO_MUCH = "too-much-work"
_CHECKER = _Checker()


def _heard(source: socket.socket, may: Mapping[str, float]) -> Verdict:
    """What the process says, up to its verdict; without one it met its bounds."""
    at = ""
    try:
        while (piece := frames.receive(source)) is not None:
            said = json.loads(piece)
            if isinstance(said, list):
                return verdict.read(piece)
            if "stopped" in said:
                break
            at = str(said["at"])
    except (TimeoutError, ValueError, TypeError, KeyError, AttributeError):
        pass
    about = "this file" if at else "these files"
    return _stopped(
        at,
        f"Checking {about} took more than {may['new']:g} seconds of work or "
        f"{may['megabytes']:g} MB of memory and was stopped. Make it smaller or simpler.",
    )


def _stopped(at: str, sentence: str) -> Verdict:
    return Verdict(False, (Finding(at, TOO_MUCH, sentence),), {})
