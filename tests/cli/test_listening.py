"""Slow and half-open connections do not stop others."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.cli import listening
from tests.limits import PATIENCE_S, until

HALF = b"POST /tasks HTTP/1.1\r\nHost: x\r\n"
BODY = HALF + b"Content-Length: 1000\r\n\r\nhalf"


def answer(_environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def port() -> Iterator[int]:
    server = listening.listening(answer, host="127.0.0.1", port=0, threads=2, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    server.task_dispatcher.shutdown()
    for channel in list(server._map.values()):
        channel.close()
    thread.join(PATIENCE_S)


def asked(port: int) -> int:
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    there.request("GET", "/")
    status = there.getresponse().status
    there.close()
    return status


def half_open(stack: ExitStack, port: int, count: int, sent: bytes) -> list[socket.socket]:
    opened = []
    for _ in range(count):
        line = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE_S))
        line.sendall(sent)
        opened.append(line)
    return opened


@pytest.mark.parametrize(
    ("count", "sent"),
    [
        pytest.param(200, HALF, id="200 that send half a head"),
        pytest.param(200, BODY, id="200 that send half a body"),
        pytest.param(200, b"", id="200 that send nothing"),
        pytest.param(listening.MOST + 150, HALF, id="more than there is room for"),
    ],
)
def test_half_open_connections_do_not_keep_others_out(port: int, count: int, sent: bytes) -> None:
    with ExitStack() as stack:
        half_open(stack, port, count, sent)
        assert [asked(port) for _ in range(5)] == [200] * 5


def closed(line: socket.socket) -> bool:
    line.settimeout(0.05)
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_a_request_that_never_comes_whole_is_ended(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HEAD", 0)
    monkeypatch.setattr(listening, "WHOLE", 0)
    monkeypatch.setattr(listening, "SLOWEST", 0.001)
    with ExitStack() as stack:
        head, body = half_open(stack, port, 1, HALF) + half_open(stack, port, 1, BODY)
        until(lambda: closed(head))
        assert not closed(body), "the more has come, the longer it may take: lines are slow"
        monkeypatch.setattr(listening, "SLOWEST", 1_000_000)
        until(lambda: closed(body))


def test_a_slow_request_that_comes_in_time_is_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as line:
        for byte in b"GET / HTTP/1.1\r\nHost: x\r\n\r\n":
            line.sendall(bytes([byte]))
        assert line.recv(100).startswith(b"HTTP/1.1 200")


def test_a_server_that_is_told_to_end_answers_who_has_asked_and_takes_nobody_new() -> None:
    begun, go_on, stop = threading.Event(), threading.Event(), threading.Event()

    def slow(environ: Any, start: Any) -> list[bytes]:
        begun.set()
        go_on.wait(PATIENCE_S)
        return answer(environ, start)

    server = listening.listening(slow, host="127.0.0.1", port=0, threads=2, ident=None)
    port = int(server.effective_port)
    serving = threading.Thread(target=listening.serving, args=(server, stop), daemon=True)
    serving.start()
    got: list[int] = []
    asking = threading.Thread(target=lambda: got.append(asked(port)), daemon=True)
    asking.start()
    assert begun.wait(PATIENCE_S)
    stop.set()
    until(lambda: _refused(port), lambda: "still takes connections")
    assert got == [], "the first still waits"
    go_on.set()
    asking.join(PATIENCE_S)
    serving.join(PATIENCE_S)
    assert got == [200] and not serving.is_alive()


def _refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return True
    return False
