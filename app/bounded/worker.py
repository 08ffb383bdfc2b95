"""The process that checks files, makes PDFs, reads tables and says what a file is: loaded once,
then a fork for each piece of work.

A fork has its own bounds and ends when it has answered. What it says is text: {"at": path} while a
check goes on, {"stopped": why}, a verdict; a PDF comes as bytes behind {"made": true}. Started by
`line`, with one end of a pair of sockets as standard input, over which each piece of work comes as
a socket of its own.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import signal
import socket
import sys
from dataclasses import asdict
from datetime import datetime
from time import process_time
from typing import Any, NoReturn

from app.bounded import frames, verdict
from app.documents import printed_word
from app.documents.received import kind_of
from app.documents.tables import read_file
from app.engine import Fault, telling
from app.validation import gate

TIME, MEMORY = "time", "memory"
_DRAWING = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
    b'<process id="p" isExecutable="true"><startEvent id="s"/></process></definitions>'
)


def main() -> None:
    gate.check({"bpmn/p.bpmn": _DRAWING, "forms/f.form": b"{}", "bpmn/d.dmn": b"<x/>"})
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = socket.socket(fileno=os.dup(0))
    while True:
        said, given, _, _ = socket.recv_fds(asked, 1024, 1)
        if not given:
            return
        if os.fork() == 0:
            asked.close()
            _answer(socket.socket(fileno=given[0]), json.loads(said))
        os.close(given[0])


def _answer(to: socket.socket, limits: dict[str, Any]) -> NoReturn:
    """Does what is asked, says what came of it, and ends; or is ended by its bounds."""
    try:
        _bound(limits)
        gc.disable()  # it ends before anything that lies about could matter
        if limits["do"] == "table":
            answers = _table(to)
        elif limits["do"] == "file":
            answers = _file(to)
        else:
            answers = _printed(to) if limits["do"] == "print" else _checked(to, limits["new"])
    except MemoryError:
        answers = [json.dumps({"stopped": MEMORY}).encode("ascii")]
    try:
        for answer in answers:
            frames.send(to, answer)
    finally:
        os._exit(0)


def _checked(to: socket.socket, seconds: float) -> list[bytes]:
    meter = _Meter(to, seconds)
    known = frozenset(json.loads(frames.receive(to) or b"[]"))
    files = frames.receive_files(to)
    with telling(lambda path: meter.at(path, path in known)):
        checked = gate.check(files, last=known)
    return [verdict.written(verdict.of(checked), process_time())]


def _printed(to: socket.socket) -> list[bytes]:
    word = frames.receive(to) or b""
    about = json.loads(frames.receive(to) or b"{}")
    try:
        content = printed_word(word, about["title"], datetime.fromisoformat(about["at"]))
    except Fault as fault:
        return [json.dumps({"fault": fault.sentence}).encode("ascii")]
    return [json.dumps({"made": True}).encode("ascii"), content]


def _table(to: socket.socket) -> list[bytes]:
    try:
        table = read_file(frames.receive(to) or b"")
    except Fault as fault:
        return [json.dumps({"fault": fault.sentence}).encode("ascii")]
    return [json.dumps(asdict(table)).encode("ascii")]


def _file(to: socket.socket) -> list[bytes]:
    try:
        kind = kind_of(frames.receive(to) or b"")
    except Fault as fault:
        return [json.dumps({"fault": fault.sentence}).encode("ascii")]
    return [json.dumps({"kind": kind}).encode("ascii")]


class _Meter:
    """Says which file is looked at, and lets run only so long what is not known."""

    def __init__(self, to: socket.socket, seconds: float) -> None:
        self._to = to
        self._left = seconds
        signal.signal(signal.SIGPROF, self._stop)
        signal.signal(signal.SIGXCPU, self._stop)

    def at(self, path: str, known: bool) -> None:
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        self._left = left or self._left
        frames.send(self._to, json.dumps({"at": path}).encode("ascii"))
        if not known:
            signal.setitimer(signal.ITIMER_PROF, self._left)

    def _stop(self, *_: object) -> None:
        frames.send(self._to, json.dumps({"stopped": TIME}).encode("ascii"))
        os._exit(0)


def _bound(limits: dict[str, Any]) -> None:
    seconds = math.ceil(limits["all"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(math.ceil(limits["wall"]))
    used = _pages() * resource.getpagesize()
    memory = used + int(limits["megabytes"]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pages() -> int:
    """Of memory that this process has mapped by now: Python, its libraries, what is loaded."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0])


if __name__ == "__main__":
    main()
    sys.exit(0)
