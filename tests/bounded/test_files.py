"""A file that somebody sends is looked at in a process of its own, and by a virus scanner where
there is one: whatever that says but “OK” refuses the file."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.bounded import is_scanner, looked_at, scanner
from app.engine import Fault

TEXT = b"What the school did.\n" * 10_000


@contextmanager
def clamd(answer: bytes | None, path: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """One that speaks as clamd(8) does; None: it hangs up. Address, and what it was sent."""
    if path is not None:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(path))
        address = f"unix:{path}"
    else:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    listening.listen()
    sent: list[bytes] = []

    def serve() -> None:
        line, _ = listening.accept()
        with line, line.makefile("rb") as said:
            if answer is None:
                return
            assert said.read(10) == b"zINSTREAM\0"
            content = b""
            while length := int.from_bytes(said.read(4), "big"):
                content += said.read(length)
            sent.append(content)
            line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield address, sent
    finally:
        thread.join()
        listening.close()


@pytest.mark.parametrize("over", ["tcp", "unix"])
def test_what_the_scanner_lets_pass_is_taken_and_it_saw_all_of_it(
    over: str, tmp_path: Path
) -> None:
    path = tmp_path / "clamd" if over == "unix" else None
    with clamd(b"stream: OK\0", path) as (address, sent):
        assert looked_at(TEXT, address) == "txt"
    assert sent == [TEXT]


REFUSED = {
    "found": (b"stream: Eicar-Signature FOUND\0", "something harmful"),
    "too large for it": (b"INSTREAM size limit exceeded. ERROR\0", "too large for the virus"),
    "half an answer": (b"stream: O", "does not answer"),
    "another word": (b"stream: OK, nearly\0", "does not answer"),
    "nothing": (b"", "does not answer"),
    "it hangs up": (None, "does not answer"),
}


@pytest.mark.parametrize(("answer", "words"), REFUSED.values(), ids=REFUSED)
def test_whatever_it_says_but_ok_refuses_the_file(answer: bytes | None, words: str) -> None:
    with clamd(answer) as (address, _), pytest.raises(Fault) as told:
        looked_at(TEXT, address)
    assert words in told.value.sentence


def test_a_scanner_that_is_away_refuses_every_file(tmp_path: Path) -> None:
    with pytest.raises(Fault) as told:
        looked_at(TEXT, f"unix:{tmp_path / 'nobody'}")
    assert "Your answers are kept" in told.value.sentence


def test_a_scanner_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "SECONDS", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(Fault) as told:
            looked_at(b"a", f"tcp://127.0.0.1:{silent.getsockname()[1]}")
    assert "does not answer" in told.value.sentence


def test_what_is_wrong_with_a_file_is_told_in_the_words_of_who_looked() -> None:
    with pytest.raises(Fault) as told:
        looked_at(b"MZ")
    assert "This is a program" in told.value.sentence


ADDRESSES = {
    "unix:/run/clamav/clamd.ctl": True, "tcp://127.0.0.1:3310": True, "tcp://[::1]:3310": True,
    "tcp://scanner.example:3310": True, "unix:run/clamd": False, "127.0.0.1:3310": False,
    "tcp://x": False, "http://x:1": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "right"), ADDRESSES.items())
def test_an_address_says_where_the_scanner_listens(text: str, right: bool) -> None:
    assert is_scanner(text) is right
