"""A verifier as somebody else would write it, from docs/history-format.md alone.

Standard library only, and nothing of the product: what it finds good, a stranger finds good.

    python tests/audit/outside.py disclosure.json
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

START = "00" * 32
EXACT = 2**53 - 1
EVERY = {
    "v", "case", "seq", "at", "kind", "actor", "on_behalf", "request", "definition", "engine",
    "state", "calendar", "settings", "content", "body", "prev",
}  # fmt: skip
FIRST = {"key_commit", "reference", "opening", "opened_after"}
LAST = {"asked_by", "rule", "cause"}


class Wrong(Exception):
    """What is wrong, in a sentence."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check(disclosure: Any) -> dict[int, dict[str, Any]]:
    """Entry number → pointer → value, of all that was shown and holds. Wrong."""
    if disclosure.get("format") != "rapid-review disclosure 1":
        raise Wrong("The file is of another format.")
    headers = chain(disclosure["headers"], disclosure["case"])
    shown: dict[int, dict[str, Any]] = {}
    for one in disclosure["entries"]:
        seq = one["seq"]
        if type(seq) is not int or not 1 <= seq <= len(headers) or seq in shown:
            raise Wrong(f"There is no entry {seq}, or it is shown twice.")
        shown[seq] = fields(headers[seq - 1], one["fields"])
    return shown


def head(disclosure: Any) -> str:
    """The hash of the last header, to be compared with one that somebody else kept."""
    return sha256(disclosure["headers"][-1].encode("utf-8"))


def chain(texts: list[str], case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before = START
    for number, text in enumerate(texts, 1):
        header = parsed(text, number)
        if header["seq"] != number or header["case"] != case or header["prev"] != before:
            raise Wrong(f"Header {number} does not follow the one before it.")
        if found and header["v"] < found[-1]["v"]:
            raise Wrong(f"Header {number} is of an older form than the one before it.")
        if found and found[-1]["kind"] == "destroyed":
            raise Wrong(f"Header {number} comes after the content was destroyed.")
        found.append(header)
        before = sha256(text.encode("utf-8"))
    return found


def parsed(text: str, number: int) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise Wrong(f"Header {number} is no JSON.") from None
    if not isinstance(header, dict) or canonical(header) != text:
        raise Wrong(f"Header {number} is not canonical.")
    for name, value in header.items():
        if value is not None and type(value) not in (str, int):
            raise Wrong(f"Header {number}: {name} is neither a text nor a whole number.")
        if type(value) is int and abs(value) > EXACT:
            raise Wrong(f"Header {number}: {name} is too large.")
    if header.get("v") not in (1, 2):
        raise Wrong(f"Header {number} is of a form that is not described.")
    if header["v"] == 2:
        allowed = EVERY | FIRST if number == 1 else EVERY
        if header.get("kind") == "destroyed":
            allowed = allowed | LAST
        if not EVERY <= header.keys() <= allowed:
            raise Wrong(f"Header {number} lacks a field, or has one too many.")
    return header


def fields(header: dict[str, Any], given: list[dict[str, str]]) -> dict[str, Any]:
    seq = header["seq"]
    if header["v"] < 2 or header["content"] is None:
        raise Wrong(f"Entry {seq} commits to no fields.")
    hashes, shown, last = [], {}, b""
    for field in given:
        if field.keys() == {"hash"}:
            hashes.append(bytes.fromhex(field["hash"]))
            if len(hashes[-1]) != 32:
                raise Wrong(f"Entry {seq}: a hash is not 32 bytes long.")
            continue
        if field.keys() != {"pointer", "value", "salt"}:
            raise Wrong(f"Entry {seq}: a field is neither shown nor withheld.")
        pointer, salt = field["pointer"], bytes.fromhex(field["salt"])
        place = pointer.encode("utf-8", "surrogatepass")
        if len(salt) != 16 or (shown and place <= last):
            raise Wrong(f"Entry {seq}: {pointer} is out of order, or its salt is none.")
        text = canonical([pointer, field["value"]])
        leaf = b"\x00" + salt + text.encode("utf-8", "surrogatepass")
        hashes.append(hashlib.sha256(leaf).digest())
        shown[pointer], last = field["value"], place
    if sha256(b"\x01" + b"".join(hashes)) != header["content"]:
        raise Wrong(f"Entry {seq}: what is shown is not what its header commits to.")
    return shown


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        disclosure = json.load(file)
    try:
        for seq, shown in check(disclosure).items():
            for pointer, value in shown.items():
                print(seq, pointer, json.dumps(value, ensure_ascii=False))
    except (Wrong, KeyError, TypeError, ValueError, AttributeError) as error:
        print(f"WRONG. {error}")
        return 1
    print(f"Good. {len(disclosure['headers'])} headers, {len(disclosure['entries'])} shown.")
    print(f"Compare the hash of the last with one kept elsewhere: {head(disclosure)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
