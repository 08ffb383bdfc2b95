"""How mail leaves: what a mail server and GOV.UK Notify answer, and whom they are trusted to be."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from app.casework.mail import mail_stands
from app.config import Mail
from app.config.mail import IMPLICIT, PLAIN, STARTTLS
from app.config.mail import Notify as NotifySettings
from app.documents import enveloped
from app.scheduler import clock
from app.scheduler.outbox import Outbox
from app.scheduler.sending import Sender
from app.scheduler.way import Never, Notify, NotNow, Smtp, Unreachable, way_out
from app.scheduler.way.door import NotSent, cleaned
from tests.kit import Kit
from tests.mail_server import MailServer, certificate, listening
from tests.post import MAIL, letters_of
from tests.scheduler.test_sending import begun


def message(to: str = "ann@example.org") -> EmailMessage:
    return enveloped("c@example.org", to, "Due – soon", "Please act.\n", clock.now(), "a.1-1.ann")


def at(server: MailServer, tls: str = PLAIN, host: str = "127.0.0.1") -> Mail:
    return Mail("c@example.org", host=host, port=server.port, tls=tls)


#: what the server does → what becomes of the message, and words of the sentence
ANSWERS: dict[str, tuple[dict[str, Any], type[NotSent], str]] = {
    "an address it does not know": (
        {"refuses": {"ann@example.org": "550 no such user"}}, Never, "the address: 550 no such"),
    "an address it will know later": (
        {"refuses": {"ann@example.org": "450 greylisted"}}, NotNow, "450 greylisted"),
    "it closes": ({"refuses": {"ann@example.org": "421 closing"}}, Unreachable, "421 closing"),
    "a message it will not have": ({"answers": "554 spam: Kim"}, Never, "message \\(554\\)$"),
    "a message it will have later": ({"answers": "451 later"}, NotNow, "message \\(451\\)$"),
    "it does not know what we say": ({"answers": "500 what?"}, Never, "message \\(500\\)$"),
    "it dies in the middle": ({"dies": 1}, NotNow, "broke off"),
}  # fmt: skip


@pytest.mark.parametrize(("does", "fault", "words"), ANSWERS.values(), ids=ANSWERS)
def test_what_a_server_answers_decides_what_becomes_of_a_mail(
    does: dict[str, Any], fault: type[NotSent], words: str
) -> None:
    with (
        listening(MailServer(**does)) as server,
        pytest.raises(fault, match=words) as told,
    ):
        Smtp(at(server)).send(message())
    assert "Kim" not in told.value.sentence and "ann@" not in told.value.sentence


def test_no_connection_is_left_open_whatever_became_of_the_message() -> None:
    with listening(MailServer({"ben@example.org": "550 no such user"})) as server:
        Smtp(at(server)).send(message())
        with pytest.raises(Never):
            Smtp(at(server)).send(message("ben@example.org"))
        assert (server.told(), server.left) == (["ann"], 2)


@pytest.mark.parametrize("tls", [STARTTLS, IMPLICIT])
def test_a_server_is_believed_by_its_certificate_alone(tls: str, tmp_path: Path) -> None:
    shows, trust = certificate(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    wrong_name, trusts_wrong = certificate(other, "elsewhere.example.org")
    as_server = {"starttls" if tls == STARTTLS else "implicit": shows}
    with listening(MailServer(), **as_server) as server:
        with pytest.raises(Unreachable, match="certificate of the mail server is not good"):
            Smtp(at(server, tls)).send(message())
        assert server.got == []
        Smtp(at(server, tls), context=trust).send(message())
        assert server.told() == ["ann"]
    as_server = {"starttls" if tls == STARTTLS else "implicit": wrong_name}
    with listening(MailServer(), **as_server) as server:
        with pytest.raises(Unreachable, match="certificate"):
            Smtp(at(server, tls), context=trusts_wrong).send(message())
        assert server.got == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked() -> None:
    with listening(MailServer()) as server:
        with pytest.raises(Unreachable, match="TLS"):
            Smtp(at(server, STARTTLS)).send(message())
        assert server.got == []


def test_a_server_that_is_away_cannot_be_reached() -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        Smtp(at(MailServer(port=1))).reach()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"5.1.1 <ann@example.org>: unknown\r\nuser", "5.1.1 …: unknown user"),
        ("\u202etxet \x00x", "txet x"),
        (b"x" * 999, "x" * 200),
        (b"\xff\xfe no", "\ufffd\ufffd no"),
    ],
)
def test_a_servers_sentence_is_cleaned(said: bytes | str, shown: str) -> None:
    assert cleaned(said) == shown


# GOV.UK Notify

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"my_test_key-{SERVICE}-{SECRET}"


class NotifyServer(HTTPServer):
    status, error = 201, ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.got: list[dict[str, Any]] = []
        #: whose id is their number → what became of them
        self.became: list[str] = []
        self.asked = 0


class _Answers(BaseHTTPRequestHandler):
    server: NotifyServer

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = self.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"]).claims
        self.server.got.append({**sent, "path": self.path, "iss": claims["iss"]})
        assert abs(claims["iat"] - clock.now().timestamp()) < 30
        errors = [{"error": "BadRequestError", "message": self.server.error}]
        body: dict[str, Any] = {"id": f"740e5834-{len(self.server.got) - 1}"}
        if self.server.status != 201:
            body = {"status_code": self.server.status, "errors": errors}
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        says_json = self.server.status == 201 or self.server.error
        self.wfile.write(json.dumps(body).encode() if says_json else b"<html>")

    def do_GET(self) -> None:
        assert self.headers["Authorization"].startswith("Bearer ")
        path, number = self.path.rsplit("-", 1)
        assert path == "/v2/notifications/740e5834", self.path
        self.server.asked += 1
        gone = int(number) >= len(self.server.became)
        status = self.server.status if self.server.status != 201 else 404 if gone else 200
        body = {} if gone else {"id": "740e5834", "status": self.server.became[int(number)]}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    server = NotifyServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


def by_notify(server: NotifyServer, key: str = KEY) -> Notify:
    return Notify(NotifySettings("f33517ff", f"http://127.0.0.1:{server.server_port}"), key)


def test_notify_gets_subject_message_and_whom_it_is_for(notify: NotifyServer) -> None:
    by_notify(notify).send(message())
    assert notify.got == [{
        "path": "/v2/notifications/email", "iss": SERVICE, "email_address": "ann@example.org",
        "template_id": "f33517ff", "reference": "a.1-1.ann@example.org",
        "personalisation": {"subject": "Due – soon", "message": "Please act.\n"},
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "error", "fault", "words"),
    [
        pytest.param(400, "email_address Not a valid email address", Never, "address", id="no one"),
        pytest.param(400, "Can't send to this recipient using a team-only API key", Never,
                     "team-only", id="not of the team"),
        pytest.param(400, "Template not found", Unreachable, "400: Template", id="our template"),
        pytest.param(403, "Invalid token: API key not found", Unreachable, "key", id="our key"),
        pytest.param(429, "Exceeded send limits (50)", Unreachable, "takes no", id="its limit"),
        pytest.param(500, "Internal server error", Unreachable, "500", id="its own fault"),
        pytest.param(500, "email_address", Unreachable, "500", id="and one of its own"),
        pytest.param(502, "", Unreachable, "answered 502$", id="a gateway that says no JSON"),
    ],
)  # fmt: skip
def test_what_notify_answers_decides_what_becomes_of_a_mail(
    notify: NotifyServer, status: int, error: str, fault: type[NotSent], words: str
) -> None:
    notify.status, notify.error = status, error
    with pytest.raises(fault, match=words):
        by_notify(notify).send(message())


def test_notify_is_asked_what_became_of_each_mail_until_it_says_so(
    kit: Kit, notify: NotifyServer
) -> None:
    case = begun(kit)  # mails three people
    sender = Sender(kit.desk, MAIL, by_notify(notify), lambda: kit.at)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    sender.knock()
    at = [one["email_address"].split("@")[0] for one in notify.got]
    assert notify.asked == 0, "not before it can have been delivered"
    notify.became = ["sending", "permanent-failure", "sending"]
    kit.later(minutes=2)
    sender.knock()
    rows = letters_of(kit, case)
    assert [rows[who].state for who in at] == ["sent", "bounced", "sent"] and notify.asked == 3
    assert "permanent-failure" in str(rows[at[1]].fault)
    notify.became = ["temporary-failure", "", "delivered"]
    sender.knock()
    assert notify.asked == 3, "neither what is known nor what was asked a moment ago"
    notify.status = 500
    kit.later(minutes=2)
    for _ in range(3):
        sender.knock()
    assert notify.asked == 4, "a service that is away is left alone for a while"
    notify.status = 201
    kit.later(minutes=15)
    sender.knock()
    assert "temporary-failure" in str(letters_of(kit, case)[at[0]].fault) and notify.asked == 6
    stands = sender.look() or mail_stands(kit.desk, kit.at, MAIL.late)
    assert stands.failed == 2


#: how it is called there → why it was not delivered; "": it was; None: it is under way
BECAME = {
    "created": None, "sending": None, "delivered": "", "permanent-failure": "no such mailbox",
    "temporary-failure": "it may be full", "technical-failure": "Send it again",
    "a status of tomorrow": "",
}  # fmt: skip


def test_every_status_of_a_mail_at_notify_has_a_meaning(notify: NotifyServer) -> None:
    notify.became = list(BECAME)
    for number, words in enumerate(BECAME.values()):
        said = by_notify(notify).became(f"740e5834-{number}")
        assert said == words or (words and said and words in said), (said, words)
    assert by_notify(notify).became("740e5834-99") == "", "it is forgotten there"


@pytest.mark.parametrize("key", ["", "short", KEY[:-3]])
def test_without_its_key_notify_is_not_asked(notify: NotifyServer, key: str) -> None:
    with pytest.raises(Unreachable, match="key"):
        by_notify(notify, key).reach()
    assert notify.got == []


def test_notify_that_is_away_cannot_be_reached(notify: NotifyServer) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        Notify(NotifySettings("t", "http://127.0.0.1:1"), KEY).send(message())


def test_the_settings_name_the_way_and_files_hold_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    monkeypatch.setenv("RAPID_REVIEW_NOTIFY_KEY_FILE", str(file))
    monkeypatch.setenv("RAPID_REVIEW_MAIL_PASSWORD", "p")
    assert way_out(Mail("c@example.org")) is None
    by = way_out(Mail("c@example.org", notify=NotifySettings("t")))
    assert isinstance(by, Notify) and by.key == KEY
    over = way_out(Mail("c@example.org", host="mail.example.org"))
    assert isinstance(over, Smtp) and over.password == "p"
