"""Owns asking ClamAV about a file: INSTREAM over TCP or a socket of this machine (clamd(8)).

Only “OK” lets a file pass: a scanner that is away, busy or says anything else refuses it.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket

from app.engine import Fault

#: to connect, and for each piece that is sent or heard
SECONDS = 30.0
_PIECE = 1 << 16
_MOST_SAID = 4096
_AWAY = (
    "The virus scanner does not answer, so this file was not taken. Your answers are kept. Choose "
    "the file again in a few minutes."
)
_INFECTED = "The virus scanner found something harmful in this file, so it was not taken."
#: what it says of a file that it does not look through: of all of it, or of what it unpacks to
_LIMITS = ("INSTREAM size limit exceeded", "stream: Heuristics.Limits.Exceeded")
_TOO_LARGE = (
    "This file is too large for the virus scanner, so it was not taken. Your answers are kept. "
    "Make the file smaller, or ask whoever runs this site."
)
_LOG = logging.getLogger(__name__)
_ADDRESS = re.compile(r"(?:unix:(/.+)|tcp://(?:\[([0-9a-f:]+)\]|([a-z0-9.-]+)):([0-9]{1,5}))", re.I)


def is_address(text: str) -> bool:
    """Whether it is one like unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310."""
    return _ADDRESS.fullmatch(text) is not None


def scan(address: str, content: bytes) -> None:
    """Returns where nothing was found. Raises `Fault` with a sentence for whoever sent it."""
    try:
        said = _asked(address, content)
    except (OSError, ValueError) as error:
        _LOG.error("The virus scanner at %s does not answer: %s", address, error)
        raise Fault(_AWAY) from None
    if said == "stream: OK":
        return
    if said.startswith(_LIMITS):
        _LOG.error(
            "The virus scanner at %s does not take %d bytes: %s", address, len(content), said
        )
        raise Fault(_TOO_LARGE)
    if said.endswith(" FOUND"):
        _LOG.warning("The virus scanner refused a file: %s", said)
        raise Fault(_INFECTED)
    _LOG.error("The virus scanner at %s did not look at a file: %s", address, said or "nothing")
    raise Fault(_AWAY)


def _asked(address: str, content: bytes) -> str:
    with _connected(address) as line:
        # It may stop listening, as when a file is larger than it takes; what it says then is read.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), _PIECE):
                piece = content[at : at + _PIECE]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
        said = b""
        while b"\0" not in said and len(said) < _MOST_SAID and (heard := line.recv(1024)):
            said += heard
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError("this is no address of a scanner")
    if match[1] is None:
        return socket.create_connection((match[2] or match[3], int(match[4])), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(SECONDS)
    try:
        line.connect(match[1])
    except OSError:
        line.close()
        raise
    return line
