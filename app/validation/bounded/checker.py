"""Owns asking for a check: the process that does it, its bounds, and verdicts that are known.

The verdict follows from the bytes of a set alone, so the newest few are remembered: a kept version
is not checked again at each look.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import Finding
from app.validation.bounded import frames, verdict
from app.validation.bounded.verdict import Verdict
from app.validation.deployment import digest, too_large

_REMEMBERED = 32
#: checks at one moment; more wait
_AT_ONCE = 2
#: seconds for which others wait
_PATIENCE = 10
#: seconds for looking at what is known, where it is not known what that took
_UNKNOWN_COST = 12.0
_TOP = Path(__file__).resolve().parents[3]
#: what a Python needs to start; nothing that says where keys or a database are
_PASSED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")


@dataclass(frozen=True, slots=True)
class Limits:
    #: of processor time, for all new files of a set together
    seconds: float
    #: beside what Python and its libraries take
    megabytes: int
    #: seconds for each new file more: a whole set of small ones is no attack
    a_file: float = 0.01


#: for what comes over the web
UPLOADED = Limits(seconds=3, megabytes=600)
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
    may take what it took then.
    """
    large = too_large(files)
    if large is not None:
        return Verdict(False, (large,), {})
    return _CHECKER.verdict(files, limits, known or {})


@dataclass
class _Checker:
    """The process for checks: started when the first is asked for, and anew when it is gone."""

    _known: OrderedDict[str, Verdict] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE)
    )
    _asks: socket.socket | None = None
    _process: subprocess.Popen[bytes] | None = None
    _of: int = 0

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
            may["all"] += _UNKNOWN_COST if before is None else before.cost
        may["wall"] = may["all"] * 4  # by the clock: only a very busy machine needs so many
        if not self._room.acquire(timeout=_PATIENCE):
            return _stopped("", "Other files are being checked. Try again in a minute.")
        try:
            given = self._asked(files, same, may)
        finally:
            self._room.release()
        if not any(finding.rule == TOO_MUCH for finding in given.findings):
            with self._lock:
                self._known[key] = given
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return given

    def _asked(
        self, files: Mapping[str, bytes], same: list[str], may: Mapping[str, float]
    ) -> Verdict:
        mine, other = socket.socketpair()
        with mine:
            with other:
                self._pass_on(other, json.dumps(may).encode("ascii"))
            mine.settimeout(may["wall"] + 5)
            # It may end while it reads; what it said of that can be read then.
            with contextlib.suppress(ConnectionError, TimeoutError):
                frames.send(mine, json.dumps(same).encode("ascii"))
                frames.send_files(mine, files)
            return _heard(mine, may)

    def _pass_on(self, other: socket.socket, said: bytes) -> None:
        with self._lock:
            for last in (False, True):
                try:
                    socket.send_fds(self._ready(), [said], [other.fileno()])
                    return
                except OSError:
                    self._asks = None
                    if last:
                        raise

    def _ready(self) -> socket.socket:
        """The line to the process; called under the lock."""
        gone = self._process is None or self._process.poll() is not None
        if self._asks is not None and not gone and self._of == os.getpid():
            return self._asks
        mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.validation.bounded.worker"],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={name: os.environ[name] for name in _PASSED if name in os.environ}
                | {"PYTHONPATH": str(_TOP)},
            )
        self._asks, self._of = mine, os.getpid()
        return mine


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
