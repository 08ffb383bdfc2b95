"""Passkeys (WebAuthn): made, asked for, checked; what of them is secret never comes here.

What a device signs is bound to the site's own name, so a false site gets nothing from it. Each
question is sealed, lasts five minutes and is answered once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.people.proof import seals
from app.store import PasskeyRow, PersonRow, Rows, Unit

LASTS = timedelta(minutes=5)
MOST = 10
UNKNOWN = "This passkey is not known here, or did not fit. Sign in another way."
_REGISTER, _ASK = "new passkey", "passkey"
#: what the library raises for what no browser sends
_BROKEN = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class Site:
    """To what passkeys are bound."""

    #: a name of the net, without a port
    id: str
    name: str
    #: where pages of the site come from, like https://review.example.org
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """For the browser, as JSON; and sealed, to come back with the answer."""

    options: str
    sealed: str


def to_make(desk: Desk, site: Site, row: PersonRow, at: datetime) -> Question:
    with desk.store.reading() as unit:
        known = store.people.factors.passkeys_of(unit, row.id)
    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=_handle(desk, row.id, known),
        user_name=row.id,
        user_display_name=row.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _question(desk, _REGISTER, at, options, row.id)


def _handle(desk: Desk, person: str, known: Sequence[PasskeyRow]) -> bytes:
    """What a device knows the person by: it tells nothing of them. It stays when the installation's
    key is changed, for it lies in their devices."""
    kept = next((row.handle for row in known if row.handle is not None), None)
    return kept or desk.store.keys.fingerprint(store.people.factors.handle_of(person))


def _question(desk: Desk, place: str, at: datetime, options: Any, person: str | None) -> Question:
    said = [options.challenge.hex(), person]
    return Question(options_to_json(options), seals.sealed(desk.store.keys, place, at, said))


def to_ask(desk: Desk, site: Site, at: datetime, person: str | None = None) -> Question:
    """`person`: for the second step; None: whoever it is, but the device makes sure of them."""
    known: list[PasskeyRow] = []
    if person is not None:
        with desk.store.reading() as unit:
            known = store.people.factors.passkeys_of(unit, person)
    verify = (
        UserVerificationRequirement.PREFERRED if person else (UserVerificationRequirement.REQUIRED)
    )
    options = webauthn.generate_authentication_options(
        rp_id=site.id,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each.credential) for each in known],
        user_verification=verify,
    )
    return _question(desk, _ASK, at, options, person)


def _asked(
    desk: Desk, unit: Unit, place: str, sealed: str, at: datetime, person: str | None
) -> bytes:
    """The challenge. Raises `Refused` where it is not theirs, over, or was answered already."""
    said = seals.opened(desk.store.keys, place, sealed, at, LASTS)
    if said is None or said[1] != person or not seals.spend(unit, sealed, at, LASTS):
        raise Refused("This took too long. Try again.")
    return bytes.fromhex(said[0])


def add(
    desk: Desk,
    unit: Unit,
    site: Site,
    row: PersonRow,
    name: str,
    sealed: str,
    answer: str,
    at: datetime,
) -> None:
    """Keeps what the device made, under a name that its owner knows it by. Raises `Refused`."""
    known = store.people.factors.passkeys_of(unit, row.id)
    if not name.strip() or len(name) > 60 or not name.isprintable():
        raise _wrong("Enter a name for the passkey, like “Work phone”, of up to 60 characters")
    if any(each.name.casefold() == name.strip().casefold() for each in known):
        raise _wrong("You have a passkey of this name. Choose another name")
    if len(known) >= MOST:
        raise _wrong(f"You have {MOST} passkeys. Remove one first")
    challenge = _asked(desk, unit, _REGISTER, sealed, at, row.id)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=list(site.origins),
        )
    except _BROKEN:
        raise Refused("The passkey could not be made. Try again.") from None
    if store.people.factors.passkey_of(unit, made.credential_id) is not None:
        raise Refused("This passkey is kept here already.")
    passkey = PasskeyRow(
        made.credential_id, row.id, name.strip(), made.credential_public_key, at, made.sign_count,
        handle=_handle(desk, row.id, known),
    )  # fmt: skip
    store.people.factors.add_passkey(unit, passkey)
    _told(desk, unit, LogKind.ADD_PASSKEY, row, passkey.name, at)


def _wrong(sentence: str) -> Refused:
    return Refused(f"{sentence}.", {"name": sentence})


def _told(desk: Desk, unit: Unit, kind: LogKind, row: PersonRow, name: str, at: datetime) -> None:
    said, by = {"person": row.id, "name": row.name, "passkey": name}, Person(row.id, row.name)
    rows = [Rows("passkey", {"person": row.id, "name": name})]
    log_entry(desk.installation, unit, kind, by, at, said, about=[row.id], rows=rows)


def remove(desk: Desk, unit: Unit, row: PersonRow, name: str, at: datetime) -> None:
    """NotFound."""
    if not store.people.factors.remove_passkey(unit, row.id, name):
        raise NotFound
    _told(desk, unit, LogKind.REMOVE_PASSKEY, row, name, at)


def checked(
    desk: Desk, unit: Unit, site: Site, sealed: str, answer: str, at: datetime, person: str | None
) -> str:
    """Whose passkey answered. `person`: it must be theirs; None: anybody's whose device made sure
    of them. Raises `Refused`."""
    challenge = _asked(desk, unit, _ASK, sealed, at, person)
    try:
        kept = store.people.factors.passkey_of(unit, _credential(answer), lock=True)
        if kept is None or person not in (None, kept.person) or not _owner(desk, kept, answer):
            raise Refused(UNKNOWN)
        proof = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=list(site.origins),
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
            require_user_verification=person is None,
        )
    except _BROKEN:
        raise Refused(UNKNOWN) from None
    store.people.factors.used_passkey(unit, kept.credential, proof.new_sign_count, at)
    return kept.person


def _credential(answer: str) -> bytes:
    return base64url_to_bytes(str(json.loads(answer)["rawId"]))


def _owner(desk: Desk, kept: PasskeyRow, answer: str) -> bool:
    """Where the device says whose it is, it says the same."""
    handle = json.loads(answer)["response"].get("userHandle")
    return not handle or base64url_to_bytes(str(handle)) == _handle(desk, kept.person, [kept])
