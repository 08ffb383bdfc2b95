"""The bytes that a history entry's body is encrypted from: secret, header hash, the text, smaller.

What the text says is casework's. Entries of form 1 are zlib streams alone (RFC 1950), form 2 is
raw deflate (RFC 1951) with a preset dictionary. That is never changed: another one would come with
another first byte.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from app.store.chain.commitments import SECRET

#: first byte of a body; a zlib stream, form 1, begins with 0x78
FORM = b"\x02"
_HASH = 32
_RAW = -zlib.MAX_WBITS
_HEAD = len(FORM) + SECRET + _HASH
#: no entry is larger: what claims to be is spoilt
_MOST = 256 * 1024 * 1024
#: what bodies often say, the most frequent last
DICTIONARY = (
    b'"values":{"type":"years and months duration","value":"P"days and time duration","output":{'
    b'"rules":["rule 1"],"inputs":{"decision":"MessageSent","message":"MessageReceived"MessageBu'
    b'ffered"MessageUnbuffered","payload":{"SignalSent","signal":"StatusSet","status":"EffectReq'
    b'uested","effect":"mail","headers":{"subject":"template":"to":"IncidentRaised","sentence":"'
    b'InstanceEnded","how":"completed"InstanceStarted","process":"ElementEntered"ElementCancelle'
    b'd"TaskCancelled"TimerDropped"TimerFired"TimerSet","timer":"1-DeadlineMoved","new":"old":"r'
    b'eason":"DecisionMade","new_backstop":"old_backstop":"backstop_sum":"basis":" working days '
    b'before  months after  days after Monday  Tuesday  Thursday  Friday  January  February  Apr'
    b'il  May  June  July  August  September  October  November  December "view":"case history d'
    b'ocuments","kind":"read"},"events":[],"header":{"for":"for_name":"refused":"kind":"StartCas'
    b'e"WakeCase"yes","no",true,false,null{"command":{"answers":{"","by":"","element":"","form":'
    b'"","kind":"CompleteTask","process":"","task":"1-"},"events":[{"element":"","instance":"1",'
    b'"kind":"TaskCompleted","process":"","task":"1-"},{"element":"","how":"met","instance":"1",'
    b'"kind":"DeadlineEnded","process":"","task":"1-"},{"element":"","instance":"1","kind":"Vari'
    b'ablesSet","process":"","values":{"":true}},{"flow":"","instance":"1","kind":"FlowTaken","p'
    b'rocess":""},{"element":"","instance":"1","kind":"ElementPassed","process":""},{"element":"'
    b'","form":"","groups":[""],"instance":"1","kind":"TaskOpened","label":"","name":"","process'
    b'":"","task":"1-","users":[]},{"backstop":{"type":"date","value":"20"},"backstop_whole_day"'
    b':true,"calendar":"","due":{"type":"date and time","value":"2026-0T23:59:59Z"},"element":""'
    b',"instance":"1","kind":"DeadlineSet","process":"","rule":"=working_days_after(today(), 5)"'
    b',"sum":"5 working days after Wednesday 4 March 2026: 5, 6, 9, 10, 11 March; skipped Saturd'
    b'ay 7 and Sunday 8 March (weekend)","task":"1-","whole_day":true}],"header":{"actor":"","at'
    b'":"2026-00-00T00:00:00.000000Z","definition":"","engine":"SpiffWorkflow 3.2.0; steps 2"},"'
    b'v":2}'
)  # fmt: skip


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
    squeezed = zlib.compressobj(6, zlib.DEFLATED, _RAW, 9, 0, DICTIONARY)
    return b"".join((FORM, secret, bound, squeezed.compress(text), squeezed.flush()))


def unpack(packed: bytes) -> Unpacked:
    """BadBody for bytes of neither form."""
    if packed[:1] == FORM:
        secret, bound = packed[1 : 1 + SECRET], packed[1 + SECRET : _HEAD]
        reader = zlib.decompressobj(_RAW, zdict=DICTIONARY)
        return Unpacked(_inflated(reader, packed[_HEAD:]), secret, bound)
    return Unpacked(_inflated(zlib.decompressobj(), packed))


def _inflated(reader: zlib._Decompress, stream: bytes) -> bytes:
    try:
        text = reader.decompress(stream, _MOST)
    except zlib.error as error:
        raise BadBody from error
    if not reader.eof or reader.unused_data:
        raise BadBody
    return text
