"""Sends over GOV.UK Notify: one POST a message, with a token made of the key; and asks it what
became of one, by GET.

https://docs.notifications.service.gov.uk/rest-api.html. The template there has the subject
((subject)) and the message ((message)), nothing else: what is said is made here.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import requests
from joserfc import jwt
from joserfc.jwk import OctKey

from app.config.mail import Notify as Settings
from app.scheduler.clock import now
from app.scheduler.way.door import Never, NotNow, Unreachable, cleaned

_PATH, _ONE = "/v2/notifications/email", "/v2/notifications"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_UNDER_WAY = frozenset({"created", "sending"})
#: what it says of a mail that it could not deliver → in words
_BECAME = {
    "permanent-failure": "It came back (GOV.UK Notify: permanent-failure). There is no such"
    " mailbox.",
    "temporary-failure": "It came back (GOV.UK Notify: temporary-failure). The mailbox took it at"
    " none of their tries: it may be full, or take it for spam.",
    "technical-failure": "It was not delivered (GOV.UK Notify: technical-failure). Send it again.",
}
#: name-service-secret, the last two as UUIDs
_KEY = re.compile(r".*?([0-9a-f-]{36})-([0-9a-f-]{36})\Z", re.I)
#: what it says of an address, beside what it says of our settings
_OF_ADDRESS = re.compile(r"email_address|recipient", re.I)
_SECONDS = 20.0


class Notify:
    """A key that is none is told at the first try, like one that is not known there."""

    def __init__(self, settings: Settings, key: str, *, seconds: float = _SECONDS) -> None:
        self.settings, self.key, self.seconds = settings, key, seconds

    def reach(self) -> None:
        self._token()

    def send(self, message: EmailMessage) -> str | None:
        given: dict[str, Any] = {
            "email_address": str(message["To"]),
            "template_id": self.settings.template,
            "personalisation": {
                "subject": str(message["Subject"]), "message": _words(message),
            },
            "reference": str(message["Message-ID"]).strip("<>"),
        }  # fmt: skip
        answer = self._asked("POST", _PATH, given)
        if answer.status_code != 201:
            raise _refused(answer)
        id = _member(answer, "id")
        return id if _ID.fullmatch(id) else None

    def became(self, receipt: str) -> str | None:
        try:
            answer = self._asked("GET", f"{_ONE}/{receipt}", None)
        except NotNow as fault:
            raise Unreachable(fault.sentence) from fault
        if answer.status_code == 404:  # they keep each for some days
            return ""
        if answer.status_code != 200:
            raise _refused(answer)
        status = _member(answer, "status")
        return _BECAME.get(status, None if status in _UNDER_WAY else "")

    def _asked(self, method: str, path: str, given: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            return requests.request(
                method, f"{self.settings.url}{path}", json=given, headers=headers,
                timeout=self.seconds, allow_redirects=False,
            )  # fmt: skip
        except requests.ReadTimeout as fault:
            raise NotNow("GOV.UK Notify did not answer in time.") from fault
        except requests.RequestException as fault:
            name = type(fault).__name__
            raise Unreachable(f"GOV.UK Notify cannot be reached ({name}).") from fault

    def _token(self) -> str:
        parts = _KEY.match(self.key)
        if parts is None:
            raise Unreachable("There is no key of GOV.UK Notify, or it is incomplete.")
        claims = {"iss": parts[1], "iat": int(now().timestamp())}
        token: str = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(parts[2]))
        return token


def _refused(answer: requests.Response) -> Exception:
    code, said = answer.status_code, _said(answer)
    if code == 400 and _OF_ADDRESS.search(said):
        return Never(f"GOV.UK Notify did not take the address: {said}")
    if code == 403:
        return Unreachable(f"GOV.UK Notify does not accept our key: {said}")
    if code == 429:
        return Unreachable("GOV.UK Notify takes no more at present (its limit is reached).")
    return Unreachable(f"GOV.UK Notify answered {code}: {said}".rstrip(": "))


def _said(answer: requests.Response) -> str:
    try:
        told: Any = answer.json()
        return cleaned(" ".join(str(each["message"]) for each in told["errors"]))
    except (ValueError, KeyError, TypeError):
        return ""


def _member(answer: requests.Response, name: str) -> str:
    """A text of the answer; "": there is none."""
    try:
        told: Any = answer.json()
        return str(told[name])
    except (ValueError, KeyError, TypeError):
        return ""


def _words(message: EmailMessage) -> str:
    """It takes no attachments: an invitation's words go, and its entry for a calendar does not."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""
