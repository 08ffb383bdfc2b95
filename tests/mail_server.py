"""A real mail server on this machine that can be away, slow, hang, refuse or die, as it is told."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """What it took, and how it behaves."""

    #: an address → what it says to it
    refuses: Mapping[str, str] = field(default_factory=dict)
    #: said instead of 250 once the message is there
    answers: str = "250 OK"
    #: how many messages it breaks off in the middle of, and keeps nothing of
    dies: int = 0
    #: somebody has named an address
    asked: threading.Event = field(default_factory=threading.Event)
    #: set: no address is answered before `released` is
    hangs: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    got: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    #: how often somebody took their leave, as they should
    left: int = 0

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        self.left += 1
        return "221 Bye"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.asked.set()
        while self.hangs.is_set() and not self.released.is_set():
            await asyncio.sleep(0.01)
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.dies:
            self.dies -= 1
            server.transport.abort()
            return ""
        if self.answers.startswith("250"):
            self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answers

    def told(self) -> list[str]:
        return sorted(str(one["To"]).split("@")[0] for one in self.got)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def listening(
    server: MailServer, *, starttls: ssl.SSLContext | None = None,
    implicit: ssl.SSLContext | None = None,
) -> Iterator[MailServer]:  # fmt: skip
    """On a port of its own, or on the one that it had before."""
    server.port = server.port or free_port()
    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, ssl_context=implicit,
        tls_context=starttls, require_starttls=starttls is not None,
    )  # fmt: skip
    if implicit is not None:
        controller._trigger_server = lambda: _knock(server.port)  # type: ignore[method-assign]
    controller.start()
    try:
        yield server
    finally:
        server.released.set()
        controller.stop()


def _knock(port: int) -> None:
    """A first connection, for which the controller waits; it trusts anybody."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port)) as plain, trusting.wrap_socket(plain) as tls:
        tls.recv(1)


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(what the server shows, what a client has to trust to believe it)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    alternative: x509.GeneralName = x509.DNSName(name)
    if name[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(at).not_valid_after(at.replace(year=2120))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "mail.pem", folder / "mail.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(public, private)
    return shows, ssl.create_default_context(cafile=str(public))
