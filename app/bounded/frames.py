"""Owns how the two processes of a check speak: pieces of bytes with their length in front."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping

_LENGTH = 8
#: far more than any set or verdict; a longer one is no piece of ours
_MOST = 200_000_000


def send(to: socket.socket, content: bytes) -> None:
    to.sendall(len(content).to_bytes(_LENGTH, "big"))
    to.sendall(content)


def receive(source: socket.socket) -> bytes | None:
    """The next piece; None when the other side has gone. Raises TimeoutError."""
    head = _exactly(source, _LENGTH)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    return _exactly(source, length) if length <= _MOST else None


def _exactly(source: socket.socket, length: int) -> bytes | None:
    pieces = []
    while length:
        try:
            piece = source.recv(min(length, 1 << 20))
        except ConnectionError:
            return None
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def send_files(to: socket.socket, files: Mapping[str, bytes]) -> None:
    send(to, json.dumps(list(files)).encode("ascii"))
    for content in files.values():
        send(to, content)


def receive_files(source: socket.socket) -> dict[str, bytes]:
    paths = json.loads(receive(source) or b"[]")
    return {path: receive(source) or b"" for path in paths}
