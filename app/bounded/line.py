"""Owns the process that works for us, and the line to it: started when first asked, and anew when
it is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.bounded import frames

#: pieces of work at one moment; more wait, so many seconds
_AT_ONCE = 2
_PATIENCE = 10
_TOP = Path(__file__).resolve().parents[2]
#: what a Python needs to start; nothing that says where keys or a database are
_PASSED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


class Crowded(Exception):
    """All places are taken for longer than we wait."""


@dataclass
class Line:
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE)
    )
    _asks: socket.socket | None = None
    _process: subprocess.Popen[bytes] | None = None
    _of: int = 0

    @contextmanager
    def asked(self, what: Mapping[str, str | float]) -> Iterator[socket.socket]:
        """A socket to a fork that does `what` (see `worker`), within its bounds: `all` seconds of
        processor time, `wall` by the clock, `megabytes`. Raises `Crowded`."""
        if not self._room.acquire(timeout=_PATIENCE):
            raise Crowded
        try:
            mine, other = socket.socketpair()
            with mine:
                with other:
                    self._pass_on(other, json.dumps(what).encode("ascii"))
                mine.settimeout(float(what["wall"]) + 5)
                yield mine
        finally:
            self._room.release()

    def answer(
        self, do: str, *sent: bytes, seconds: float, megabytes: float
    ) -> tuple[dict[str, Any], bytes | None]:
        """What a fork says of what it was sent, and what it made of it; nothing, where it was
        stopped. `seconds` of processor time. Raises `Crowded`."""
        bounds = {"all": seconds, "wall": seconds * 5, "megabytes": megabytes}
        try:
            with self.asked({"do": do, **bounds}) as line:
                with contextlib.suppress(ConnectionError, TimeoutError):  # it may have answered
                    for piece in sent:
                        frames.send(line, piece)
                said = json.loads(frames.receive(line) or b"{}")
                return said, frames.receive(line) if said.get("made") else None
        except (TimeoutError, ValueError):
            return {}, None

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
                [sys.executable, "-m", "app.bounded.worker"],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={name: os.environ[name] for name in _PASSED if name in os.environ}
                | {"PYTHONPATH": str(_TOP)},
            )
        self._asks, self._of = mine, os.getpid()
        return mine


LINE = Line()
