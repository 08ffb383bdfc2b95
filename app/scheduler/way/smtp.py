"""Sends over a mail server (RFC 5321), with TLS that is checked (RFC 3207, RFC 8314).

Each message has a connection of its own and a time by which it is through, so that a server that
hangs or drips holds up one message and nothing else.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from app.config import Mail
from app.config.mail import IMPLICIT, STARTTLS
from app.scheduler.way.door import Never, NotNow, Unreachable, cleaned

#: for each answer of the server
_SECONDS = 20.0
#: for one message; a claim lasts longer (`sending.CLAIM`)
MOST_SECONDS = 60.0
#: what is under way may still come to an end when the program stops
_GRACE_SECONDS = 5.0
_STEP = 0.1
#: the server closes the connection (RFC 5321 3.8)
_CLOSING = 421
_PERMANENT = range(500, 600)


class Smtp:
    """`seconds`: for each answer; `most`: for a whole message; `context`: for tests of trust."""

    def __init__(
        self,
        mail: Mail,
        password: str = "",
        *,
        stopping: threading.Event | None = None,
        context: ssl.SSLContext | None = None,
        seconds: float = _SECONDS,
        most: float = MOST_SECONDS,
    ) -> None:
        self.mail, self.password = mail, password
        self.stopping = stopping or threading.Event()
        self.context, self.seconds, self.most = context, seconds, most

    def reach(self) -> None:
        with self._open():
            pass

    def send(self, message: EmailMessage) -> None:
        with self._open() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as fault:
                code, said = next(iter(fault.recipients.values()))
                raise _refused(code, f"did not take the address: {code} {cleaned(said)}") from fault
            except smtplib.SMTPSenderRefused as fault:
                why = f"{fault.smtp_code} {cleaned(fault.smtp_error)}"
                raise Unreachable(
                    f"The mail server takes nothing from our address: {why}"
                ) from fault
            except smtplib.SMTPResponseException as fault:
                code = fault.smtp_code  # alone: the rest may repeat what the message says
                raise _refused(code, f"refused the message ({code})") from fault
            except smtplib.SMTPNotSupportedError as fault:
                raise Never("The mail server takes no such address.") from fault
            except (OSError, smtplib.SMTPException, ValueError) as fault:
                name = type(fault).__name__
                raise NotNow(f"The mail server broke off ({name}).") from fault

    @contextmanager
    def _open(self) -> Iterator[smtplib.SMTP]:
        """Connected, protected, signed in. What comes after the message was taken is no fault of
        it: it would be sent twice."""
        server = self._server()
        with _bounded(server, self.most, self.stopping):
            try:
                self._greet(server)
            except (OSError, smtplib.SMTPException, ValueError) as fault:
                server.close()
                raise Unreachable(_why(fault)) from fault
            try:
                yield server
            finally:
                with suppress(OSError, smtplib.SMTPException, ValueError):
                    server.quit()
                server.close()

    def _server(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.mail.tls == IMPLICIT:
            server = smtplib.SMTP_SSL(timeout=self.seconds, context=self._trust())
        else:
            server = smtplib.SMTP(timeout=self.seconds)
        # smtplib checks the certificate against the name that it was made with; connecting later
        # gives the clock of `_bounded` something to cut
        server._host = str(self.mail.host)  # type: ignore[attr-defined]
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        code, said = server.connect(str(self.mail.host), self.mail.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        if self.mail.tls == STARTTLS:
            server.starttls(context=self._trust())
        server.ehlo_or_helo_if_needed()
        if self.mail.user:
            server.login(self.mail.user, self.password)

    def _trust(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()


def _refused(code: int, said: str) -> Exception:
    sentence = f"The mail server {said}".rstrip()
    if code == _CLOSING:
        return Unreachable(sentence)
    return Never(sentence) if code in _PERMANENT else NotNow(sentence)


def _why(fault: Exception) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"The certificate of the mail server is not good: {cleaned(fault.verify_message)}."
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return "The mail server does not let us sign in."
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return "The mail server does not do what the settings ask (TLS or signing in)."
    return f"The mail server cannot be reached ({type(fault).__name__})."


@contextmanager
def _bounded(server: smtplib.SMTP, most: float, stopping: threading.Event) -> Iterator[None]:
    """Cuts the connection after so many seconds, or soon after the program was told to stop."""
    through = threading.Event()

    def watch() -> None:
        left, grace = most, _GRACE_SECONDS
        while left > 0 and grace > 0:
            if through.wait(_STEP):
                return
            left -= _STEP
            grace -= _STEP if stopping.is_set() else 0
        while not through.is_set():  # it may connect only now
            with suppress(OSError, AttributeError, ValueError):
                server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
            through.wait(_STEP)

    threading.Thread(target=watch, name="mail clock", daemon=True).start()
    try:
        yield
    finally:
        through.set()
