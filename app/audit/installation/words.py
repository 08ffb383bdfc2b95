"""What an entry of the installation's log says in a sentence, and under which topic it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.casework import AuthorityKind as Authority
from app.casework import LogKind as Kind
from app.engine import saying

Said = Mapping[str, Any]
#: topic → its name
TOPICS = {
    "people": "Accounts and roles",
    "access": "Links, passwords and tokens",
    "sign-in": "Signing in and out",
    "guests": "Guests",
    "cover": "Absence cover",
    "authority": "Cases opened, exclusions lifted, conflicts",
    "searches": "Searches",
    "versions": "Versions and settings",
    "mail": "Mail",
    "refusals": "What was refused",
    "log": "The log itself",
}
_REFUSED = {
    "failed": "failed to sign in",
    "throttled": "had to wait before signing in",
    "token": "came with a token that does not serve",
    "look": "asked for what is not there or not theirs to see",
    "second": "gave a wrong second factor",
    "sign_on": "came from single sign-on with what does not serve",
    "link": "came with a link that opens nothing",
    "guest code": "gave a wrong code for a guest’s link",
    "scope": "used a token for what its scope does not hold",
    "form": "sent a form that did not come from our pages",
    "host": "asked under a name that is not this site’s",
}


def _of(sentence: str) -> Callable[[Said], str]:
    return lambda said: sentence.format_map(_Blank(said))


class _Blank(dict[str, Any]):
    """What an entry does not say is left out; a sentence never fails."""

    def __missing__(self, key: str) -> str:
        return "?"


def _roles(said: Said) -> str:
    days = said.get("days") or {}
    held = [f"{role}{_days(days.get(role))}" for role in said.get("roles") or ()]
    attributes = [f"{name} {value}" for name, value in (said.get("attributes") or {}).items()]
    return f"{saying.joined(held) or 'no role'}" + (
        f"; {saying.joined(attributes)}" if attributes else ""
    )


def _days(span: Any) -> str:
    first, last = span or (None, None)
    since = f" from {saying.short_day(first)}" if first else ""
    return since + (f" until {saying.short_day(last)}" if last else "")


def _made(said: Said) -> str:
    return f"made the account {said.get('person')} ({said.get('name')}) with: {_roles(said)}."


def _changed(said: Said) -> str:
    return f"gave {said.get('name')} ({said.get('person')}) these roles: {_roles(said)}."


def _token(said: Said) -> str:
    scope = saying.joined(said.get("scope") or ()) or "everything its holder may"
    until = said.get("until")
    ends = f" until {saying.moment(until)}" if until else ""
    return f"made the token “{said.get('token')}” of {said.get('name')} for: {scope}{ends}."


def _link(said: Said) -> str:
    until = said.get("until")
    ends = f", until {saying.moment(until)}" if until else ""
    return f"made a link by which {said.get('name')} sets a password{ends}."


def _cover(said: Said) -> str:
    first, last = said.get("first"), said.get("last")
    days = f" from {saying.short_day(first)} to {saying.short_day(last)}" if first and last else ""
    return f"set that {said.get('cover_name')} covers for {said.get('name')}{days}."


def _refusals(said: Said) -> str:
    parts = [
        f"{_who(row.get('who'))} {refused(str(row.get('what')))}"
        f" {saying.count(int(row.get('count') or 0), 'time')}"
        for row in said.get("counted") or ()
    ]
    return f"counted what was refused: {'; '.join(parts)}."


def refused(what: str) -> str:
    """What somebody did who was refused."""
    return _REFUSED.get(what, what)


def _who(who: Any) -> str:
    sort, _, name = str(who).partition(":")
    return name if sort == "p" else f"somebody at {name}" if name != "others" else "others"


def _code(said: Said) -> str:
    way = "sent a code by SMS to" if said.get("how") == "sms" else "read out a code, by ringing"
    return f"{way} {said.get('number')}, for the guest{said.get('guest')}."


def _signed_in(said: Said) -> str:
    device = f" with {said['device']}" if said.get("device") else ""
    how = said.get("way", "password")
    way = "" if how == "password" else f" by {how}"
    return f"signed in{way}{device} from {said.get('address') or 'an unknown address'}."


def _ended(said: Said) -> str:
    count = said.get("count")
    which = f"{saying.count(int(count), 'session')} of" if count else "every session of"
    return f"ended {which} {said.get('name')}."


#: what was typed is kept nowhere, so that a search is told without a name
_SOUGHT = {
    "reference": "the reference of a case",
    "group": "an organisation",
    "word": "a name",
    "born": "a date of birth",
    "code": "a number or reference",
}


def _searched(said: Said) -> str:
    by = saying.joined(
        list(dict.fromkeys(_SOUGHT.get(one, one) for one in said.get("kinds") or ()))
    )
    shown = saying.joined(said.get("shown") or ()) or "none"
    return f"searched for {by}. Shown: {shown}."


def _rotated(said: Said) -> str:
    wrong = " The log was known not to be as it was written." if said.get("log_wrong") else ""
    return f"put the key {said.get('to')} in the place of the key {said.get('from')}.{wrong}"


#: kind → (topic, what it says behind the name of who did it)
KINDS: dict[str, tuple[str, Callable[[Said], str]]] = {
    Kind.BEGIN: ("log", _of("began this log, with all accounts, tokens, covers and versions.")),
    Kind.MAKE_PERSON: ("people", _made),
    Kind.CHANGE_PERSON: ("people", _of("changed name or address of {name} ({person}).")),
    Kind.CHANGE_ROLES: ("people", _changed),
    Kind.DISABLE_PERSON: ("people", _of("let nobody sign in as {name} ({person}) any more.")),
    Kind.ENABLE_PERSON: ("people", _of("let {name} ({person}) sign in again.")),
    Kind.ISSUE_LINK: ("access", _link),
    Kind.USE_LINK: ("access", _of("set a password by a link.")),
    Kind.SET_PASSWORD: ("access", _of("changed their password.")),
    Kind.KEEP_PASSWORD: ("access", _of("had their password kept in a stronger way.")),
    Kind.MAKE_TOKEN: ("access", _token),
    Kind.REVOKE_TOKEN: ("access", _of("revoked the token “{token}” of {name}.")),
    Kind.LINK_IDENTITY: ("access", _of("joined a work account of {issuer} to {name} ({person}).")),
    Kind.UNLINK_IDENTITY: ("access", _of("took the work account {subject} away from {name}.")),
    Kind.SET_SECOND_FACTOR: ("access", _of("set up an authenticator app.")),
    Kind.RESET_SECOND_FACTOR: ("access", _of("reset the second factor of {name} ({person}).")),
    Kind.USE_RECOVERY_CODE: ("access", _of("used a recovery code.")),
    Kind.MAKE_RECOVERY_CODES: ("access", _of("made new recovery codes.")),
    Kind.ADD_PASSKEY: ("access", _of("added the passkey “{passkey}”.")),
    Kind.REMOVE_PASSKEY: ("access", _of("removed the passkey “{passkey}”.")),
    Kind.INVITE_GUEST: ("guests", _of("made a link for the guest{guest}, to {to}.")),
    Kind.GUEST_CODE: ("guests", _code),
    Kind.GUEST_IN: ("guests", _of("came in by their link, which is used up.")),
    Kind.GUEST_OUT: ("guests", _of("signed out.")),
    Kind.END_GUEST: ("guests", _of("ended what the guest{guest} could open ({how}).")),
    Kind.SIGN_IN: ("sign-in", _signed_in),
    Kind.SIGN_OUT: ("sign-in", _of("signed out.")),
    Kind.END_SESSIONS: ("sign-in", _ended),
    Kind.SET_COVER: ("cover", _cover),
    Kind.END_COVER: ("cover", _of("ended the cover of {cover_name} for {name}.")),
    Authority.AGREE_COVER: ("cover", _of("agreed that {cover_name} covers for {name}.")),
    Authority.BREAK_GLASS: ("authority", _of("opened case {case} for an hour.")),
    Authority.LIFT_EXCLUSION: (
        "authority",
        _of("let {name} into case {case} again, as {first} had asked."),
    ),
    Authority.SET_HOLD: ("authority", _of("held case {case} ({hold}).")),
    Authority.LIFT_HOLD: (
        "authority",
        _of("lifted the hold of case {case} ({hold}), as {first} had asked."),
    ),
    Authority.ERASE_CONTENT: (
        "authority",
        _of("destroyed the content of case {case}, as {asked_by} had asked ({cause})."),
    ),
    Kind.LATE_READ: (
        "authority",
        _of("looked at case {case} ({view}) while its content was being destroyed."),
    ),
    Authority.RECORD_CONFLICT: ("authority", _of("recorded a conflict of interest of {name}.")),
    Authority.END_CONFLICT: (
        "authority",
        _of("ended an entry of {name} in the register of conflicts."),
    ),
    Kind.DEPLOY: ("versions", _of("kept the version {deployment:.12} of the process.")),
    Kind.ACTIVATE: ("versions", _of("put the version {deployment:.12} to use.")),
    Kind.SETTINGS: (
        "versions",
        _of("put other settings of config.yaml in force ({settings:.12})."),
    ),
    Kind.SEARCH: ("searches", _searched),
    Kind.SEND_AGAIN: ("mail", _of("had a mail to {name} sent again.")),
    Kind.REFUSALS: ("refusals", _refusals),
    Kind.ARCHIVE: ("log", _of("archived entries {first} to {last} of this log.")),
    Kind.ROTATE_KEY: ("log", _rotated),
}


def words(kind: str, by: str, said: Said) -> str:
    """The sentence; of a kind that nobody knows here, its name."""
    if kind not in KINDS:
        return f"{by} did something that this release does not know ({kind})."
    return f"{by} {KINDS[kind][1](said)}"


def kinds_of(topic: str) -> tuple[str, ...]:
    return tuple(str(kind) for kind, (about, _) in KINDS.items() if about == topic)
