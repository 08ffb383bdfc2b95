"""Passkeys: made, asked for and answered once, by who holds the device and nobody else.

The device is played here as the standard has it (WebAuthn, format “none”, ES256); the same in a
real browser is in `tests/browser/test_passkeys.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.casework.access import Person
from app.casework.errors import NotFound, Refused
from app.casework.people import changes, passwords
from app.casework.people.proof import own, passkeys, second_step
from app.casework.people.sessions import NO_BROWSER
from app.store import Store
from tests.casework.test_people import ADA, good, kinds, last_said, password, row
from tests.casework.test_second_factor import careful, enrol, sessions_of, ticket
from tests.kit import Kit

SITE = passkeys.Site("review.example.org", "Review", ("https://review.example.org",))
CARA = Person("cara", "Cara", frozenset({"careful"}))


def letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Device:
    """Signs what it is asked, for a site and with a check of who holds it as it is told."""

    id: bytes
    site: str = SITE.id
    origin: str = SITE.origins[0]
    #: present; with 4, it made sure who holds it
    flags: int = 0x05
    count: int = 0
    handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def _told(self, options: str, kind: str) -> bytes:
        said = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _data(self, more: int = 0) -> bytes:
        head = hashlib.sha256(self.site.encode()).digest()
        return head + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: str) -> str:
        raw = letters(self.id)
        return json.dumps({"id": raw, "rawId": raw, "type": "public-key", "response": response})

    def make(self, options: str) -> str:
        public = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"),
                 -3: public.y.to_bytes(32, "big")}  # fmt: skip
        data = self._data(0x40) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id
        made = {"fmt": "none", "attStmt": {}, "authData": data + cbor2.dumps(point)}
        self.handle = json.loads(options)["user"]["id"]
        return self._answer(
            clientDataJSON=letters(self._told(options, "webauthn.create")),
            attestationObject=letters(cbor2.dumps(made)),
        )

    def sign(self, options: str) -> str:
        self.count += 1
        told, data = self._told(options, "webauthn.get"), self._data()
        signed = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=letters(told),
            authenticatorData=letters(data),
            signature=letters(signed),
            userHandle=self.handle,
        )


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real ones, but every test signs somebody in several times."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()


@dataclass
class Held:
    kit: Kit
    token: str
    device: Device

    def add(self, name: str, device: Device | None = None) -> None:
        kit = self.kit
        question = passkeys.to_make(kit.desk, SITE, row("cara"), kit.at)
        answer = (device or Device(name.encode())).make(question.options)
        own.add_passkey(kit.desk, SITE, CARA, self.token, name, question.sealed, answer, kit.at)

    def second(self, device: Device, person: str = "cara") -> str:
        """The session behind the second step."""
        kit, given = self.kit, ticket(self.kit)
        question = passkeys.to_ask(kit.desk, SITE, kit.at, person)
        answer = device.sign(question.options)
        signed = second_step.by_passkey(
            kit.desk, SITE, given, question.sealed, answer, kit.at, "a", NO_BROWSER
        )
        return signed.token

    def alone(self, device: Device) -> Person:
        """Who is signed in by the device and no password."""
        kit = self.kit
        question = passkeys.to_ask(kit.desk, SITE, kit.at)
        answer = device.sign(question.options)
        return second_step.by_passkey_alone(
            kit.desk, SITE, question.sealed, answer, kit.at, "a", NO_BROWSER
        ).person


@pytest.fixture
def held(sqlite_store: Store) -> Held:
    """Cara, signed in, with an app and a passkey."""
    kit = careful(sqlite_store)
    _, _, token = enrol(kit)
    cara = Held(kit, token, Device(b"cara's phone"))
    cara.add("Work phone", cara.device)
    return cara


def test_a_passkey_is_the_second_step_or_all_of_it(held: Held) -> None:
    assert sessions_of(held.kit, "cara") == 1
    held.second(held.device)
    assert held.alone(held.device) == CARA
    assert sessions_of(held.kit, "cara") == 3
    assert kinds(held.kit, "cara")[-3:] == ["AddPasskey", "SignIn", "SignIn"]
    assert good(held.kit)


WRONG: dict[str, Callable[[Device], Device]] = {
    "signed for another site": lambda kept: replace(kept, site="review.example.net"),
    "signed on a page from elsewhere": lambda kept: replace(kept, origin="https://example.net"),
    "signed by another key": lambda kept: replace(kept, key=Device(b"").key),
    "a device that was copied": lambda kept: replace(kept, count=0),
    "not known here": lambda kept: replace(kept, id=b"another phone"),
    "says that it is somebody else's": lambda kept: replace(kept, handle=letters(b"somebody")),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_is_signed_wrongly_opens_nothing(
    held: Held, wrong: Callable[[Device], Device]
) -> None:
    for _ in range(2):
        held.alone(held.device)
    for way in (held.second, held.alone):
        with pytest.raises(Refused, match="not known here, or did not fit"):
            way(wrong(held.device))
    assert sessions_of(held.kit, "cara") == 3


def test_without_a_password_the_device_makes_sure_who_holds_it(held: Held) -> None:
    anybody = replace(held.device, flags=0x01)
    with pytest.raises(Refused, match="did not fit"):
        held.alone(anybody)
    assert held.second(anybody), "beside a password it is enough to hold it"


def test_somebody_elses_passkey_is_nobodys_second_step(held: Held) -> None:
    kit = held.kit
    changes.make(kit.desk, ADA, row("cleo", "careful"), kit.at)
    password(kit, "cleo", ADA)
    question = passkeys.to_ask(kit.desk, SITE, kit.at, "cleo")
    with pytest.raises(Refused, match="did not fit"):
        second_step.by_passkey(
            kit.desk, SITE, ticket(kit, "cleo"), question.sealed,
            held.device.sign(question.options), kit.at, "a", NO_BROWSER,
        )  # fmt: skip
    with pytest.raises(Refused, match="took too long"):
        held.second(held.device, "cleo")
    assert sessions_of(kit, "cleo") == 0


def test_a_question_is_answered_once_and_in_five_minutes(held: Held) -> None:
    kit = held.kit

    def answer(question: passkeys.Question) -> Any:
        signed = held.device.sign(question.options)
        return second_step.by_passkey_alone(
            kit.desk, SITE, question.sealed, signed, kit.at, "a", NO_BROWSER
        )

    asked = passkeys.to_ask(kit.desk, SITE, kit.at)
    late = passkeys.to_ask(kit.desk, SITE, kit.at)
    assert answer(asked)
    with pytest.raises(Refused, match="took too long"):
        answer(asked)
    kit.later(minutes=5)
    with pytest.raises(Refused, match="took too long"):
        answer(late)


def test_a_ticket_with_its_passkey_serves_once(held: Held) -> None:
    kit, given = held.kit, ticket(held.kit)

    def step() -> Any:
        question = passkeys.to_ask(kit.desk, SITE, kit.at, "cara")
        signed = held.device.sign(question.options)
        return second_step.by_passkey(
            kit.desk, SITE, given, question.sealed, signed, kit.at, "a", NO_BROWSER
        )

    assert step()
    with pytest.raises(Refused):
        step()


def test_who_is_disabled_opens_nothing_with_a_passkey(held: Held) -> None:
    changes.disable(held.kit.desk, ADA, "cara", held.kit.at)
    with pytest.raises(Refused, match="did not fit"):
        held.alone(held.device)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param(" ", "Enter a name for the passkey", id="no name"),
        pytest.param("x" * 61, "of up to 60 characters", id="too long"),
        pytest.param("a\nb", "Enter a name for the passkey", id="two lines"),
        pytest.param(" work PHONE ", "You have a passkey of this name", id="a name twice"),
    ],
)
def test_a_passkey_has_a_name_of_its_own(held: Held, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        held.add(name)
    assert list(refused.value.fields) == ["name"]
    held.add("x" * 60)


def test_nobody_keeps_more_than_ten_passkeys_nor_one_device_twice(held: Held) -> None:
    with pytest.raises(Refused, match="kept here already"):
        held.add("Again", held.device)
    for number in range(2, 11):
        held.add(f"Key {number}")
    with pytest.raises(Refused, match="You have 10 passkeys"):
        held.add("Key 11")


def test_a_device_is_told_which_it_holds_already_and_nothing_of_the_person(held: Held) -> None:
    kit = held.kit
    make = json.loads(passkeys.to_make(kit.desk, SITE, row("cara"), kit.at).options)
    assert [one["id"] for one in make["excludeCredentials"]] == [letters(held.device.id)]
    assert len(make["user"]["id"]) > 20 and make["user"]["id"] == held.device.handle
    other = json.loads(passkeys.to_make(kit.desk, SITE, row("ada"), kit.at).options)
    assert other["user"]["id"] != make["user"]["id"] and other["excludeCredentials"] == []
    second = json.loads(passkeys.to_ask(kit.desk, SITE, kit.at, "cara").options)
    alone = json.loads(passkeys.to_ask(kit.desk, SITE, kit.at).options)
    assert [one["id"] for one in second["allowCredentials"]] == [letters(held.device.id)]
    assert alone["allowCredentials"] == [], "who is not known yet is told of nobody's"
    assert (second["userVerification"], alone["userVerification"]) == ("preferred", "required")


def test_a_passkey_that_was_removed_opens_nothing(held: Held) -> None:
    kit = held.kit
    with pytest.raises(NotFound):
        own.remove_passkey(kit.desk, CARA, held.token, "Other", kit.at)
    own.remove_passkey(kit.desk, CARA, held.token, "Work phone", kit.at)
    with pytest.raises(Refused, match="did not fit"):
        held.alone(held.device)
    assert kinds(kit, "cara")[-1] == "RemovePasskey" and good(kit)
    assert last_said(kit) == {"person": "cara", "name": "Cara", "passkey": "Work phone"}


def test_a_session_of_long_ago_makes_no_passkey(held: Held) -> None:
    held.kit.later(minutes=11)
    with pytest.raises(Refused):
        held.add("Late")
