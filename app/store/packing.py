"""The bytes that a history entry's body is encrypted from: secret, header hash, the text, smaller.

What the text says is casework's. Entries of form 1 are zlib streams alone. A dictionary is never
changed: another one joins it, and its Adler-32 in the stream says which one it was (RFC 1950).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from app.store.commitments import SECRET

#: first byte of a body; a zlib stream, form 1, begins with 0x78
FORM = b"\x02"
_HASH = 32
_HEAD = len(FORM) + SECRET + _HASH
#: no entry is larger: what claims to be is spoilt
_MOST = 256 * 1024 * 1024
#: what bodies often say, the most frequent last
_DICTIONARY = (
    b'"values":{"type":"years and months duration","value":"P"days and time duration","output":{'
    b'"rules":["rule 1"],"inputs":{"decision":"MessageSent","message":"MessageReceived"'
    b'MessageBuffered"MessageUnbuffered","payload":{"SignalSent","signal":"StatusSet","status":"'
    b'EffectRequested","effect":"mail","headers":{"subject":"template":"to":"IncidentRaised",'
    b'"sentence":"InstanceEnded","how":"completed"InstanceStarted","process":"ElementEntered"'
    b'ElementCancelled"TaskCancelled"TimerDropped"TimerFired"TimerSet","timer":"1-DeadlineMoved",'
    b'"new":"old":"reason":"DecisionMade","new_backstop":"old_backstop":"backstop_sum":"basis":"'
    b'kind":"DeadlineSet","process":"","rule":"=working_days_after(today(), months_after(","sum":"'
    b" working days after working days before  months after  days after Monday  Tuesday  Wednesday"
    b"  Thursday  Friday  January  February  March  April  May  June  July  August  September  Octo"
    b'ber  November  December 2026: skipped Saturday  and Sunday  (weekend)","task":"whole_day":tr'
    b'ue},{"backstop":{"type":"date and time","value":"20","backstop_whole_day":true,"calendar":"'
    b'","due":{"type":"date","value":"2027-0T23:59:59Z"},"element":"how":"dropped"how":"met",'
    b'"instance":"1","kind":"DeadlineEnded","process":"","task":"1-{"element":"","instance":"1",'
    b'"kind":"TaskOpened","label":"name":"","process":"","task":"1-","users":[]},"form":"",'
    b'"groups":["assignee":"item":{"instance":"1","kind":"VariablesSet","process":"","values":{'
    b'"again":false},{"flow":"","instance":"1","kind":"FlowTaken","process":""},{"element":"",'
    b'"instance":"1","kind":"ElementPassed","process":""},{"element":"","instance":"1","kind":"'
    b'TaskCompleted","process":"","task":"1-{"command":{"view":"case history documents","kind":"re'
    b'ad"},"events":[]"for":"for_name":"refused":"answers":{"yes","no",true,false,null","by":"'
    b'element":"form":"kind":"StartCase"WakeCase"CompleteTask","task":"1-"},"events":[],"header":{'
    b'"actor":"","at":"2026-00T00:00:00.000000Z","case":"definition":"engine":"SpiffWorkflow 3.2.0'
    b'; steps 2","seq":1},"v":2}'
)
DICTIONARIES = {zlib.adler32(_DICTIONARY): _DICTIONARY}


class BadBody(ValueError):
    """These bytes are not what a body is packed as."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    #: canonical JSON
    text: bytes
    #: what the salts of its fields are made from; b"" in form 1
    secret: bytes = b""
    #: `chain.bound` of the header it was written with; b"" in form 1
    bound: bytes = b""


def pack(text: bytes, secret: bytes, bound: bytes) -> bytes:
    squeezed = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, 9, 0, _DICTIONARY)
    return b"".join((FORM, secret, bound, squeezed.compress(text), squeezed.flush()))


def unpack(packed: bytes) -> Unpacked:
    """BadBody for bytes of neither form."""
    if packed[:1] == FORM:
        secret, bound = packed[1 : 1 + SECRET], packed[1 + SECRET : _HEAD]
        return Unpacked(_inflated(packed[_HEAD:]), secret, bound)
    return Unpacked(_inflated(packed))


def _inflated(stream: bytes) -> bytes:
    known = DICTIONARIES.get(int.from_bytes(stream[2:6], "big")) if _named(stream) else None
    try:
        reader = zlib.decompressobj() if known is None else zlib.decompressobj(zdict=known)
        text = reader.decompress(stream, _MOST)
    except zlib.error as error:
        raise BadBody from error
    if not reader.eof or reader.unused_data:
        raise BadBody
    return text


def _named(stream: bytes) -> bool:
    """The stream names a dictionary: FDICT of RFC 1950."""
    return len(stream) >= 6 and bool(stream[1] & 0x20)
