"""What a header's `content` commits to: each field of the readable body, salted, under one root.

So somebody with nothing but SHA-256 can check some fields against the chain while others stay
withheld, and nothing can be guessed once the secret is gone with the case's key. The rules are
those of docs/history-format.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as _quoted
from typing import Any

#: bytes of the secret that a body holds, and of each salt made from it
SECRET = 16
SALT = 16

#: (JSON pointer of RFC 6901, canonical JSON of [pointer, value])
Leaf = tuple[str, str]


def leaves(body: Mapping[str, Any]) -> list[Leaf]:
    """A leaf for every text, number, boolean, null, empty list and empty object of the body.

    In the order of the bytes of their pointers.
    """
    leaves: list[Leaf] = []
    _members(body, "", leaves)
    leaves.sort()
    return leaves


def _members(value: Mapping[str, Any], above: str, leaves: list[Leaf]) -> None:
    for name, member in value.items():
        if "~" in name or "/" in name:
            name = name.replace("~", "~0").replace("/", "~1")
        pointer = f"{above}/{name}"
        if type(member) is str:  # most are
            leaves.append((pointer, f"[{_quoted(pointer)},{_quoted(member)}]"))
        else:
            _take(member, pointer, leaves)


def _take(value: Any, pointer: str, leaves: list[Leaf]) -> None:
    if value is True:  # most of what is no text is this, or an object
        text = "true"
    elif type(value) is not list and isinstance(value, dict | Mapping):
        if value:
            return _members(value, pointer, leaves)
        text = "{}"
    elif isinstance(value, list | tuple):
        for number, element in enumerate(value):
            _take(element, f"{pointer}/{number}", leaves)
        if value:
            return None
        text = "[]"
    elif isinstance(value, str):
        text = _quoted(value)
    elif value is None:
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int):
        text = str(value)
    else:
        raise TypeError(f"{type(value).__name__} stands in no body")
    leaves.append((pointer, f"[{_quoted(pointer)},{text}]"))
    return None


def salts(secret: bytes, count: int) -> list[bytes]:
    """The salts of the leaves in their order: pieces of SHAKE-256 (FIPS 202) of the secret."""
    stream = hashlib.shake_256(secret).digest(SALT * count)
    return [stream[at : at + SALT] for at in range(0, SALT * count, SALT)]


def hashed(salt: bytes, text: str) -> bytes:
    """The hash that stands for a leaf: SHA-256(0x00 ‖ salt ‖ text)."""
    return hashlib.sha256(b"\x00" + salt + text.encode("utf-8", "surrogatepass")).digest()


def root(body: Mapping[str, Any], secret: bytes) -> bytes:
    """What the header names as `content`."""
    fields = leaves(body)
    sha256 = hashlib.sha256
    return joined(  # `hashed`, without a call for each of them
        [
            sha256(b"\x00" + salt + text.encode("utf-8", "surrogatepass")).digest()
            for salt, (_, text) in zip(salts(secret, len(fields)), fields, strict=True)
        ]
    )


def joined(hashes: Iterable[bytes]) -> bytes:
    """The root over the hashes of all leaves, in their order: SHA-256(0x01 ‖ first ‖ second ‖ …).

    A list and no tree: an entry has some fifty leaves, and who shows one gives all hashes anyway.
    """
    return hashlib.sha256(b"\x01" + b"".join(hashes)).digest()


def value_at(body: Mapping[str, Any], pointer: str) -> Any:
    """The text, number, boolean, null or empty container that a leaf's pointer names."""
    value: Any = body
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[name] if isinstance(value, Mapping) else value[int(name)]
    return value
