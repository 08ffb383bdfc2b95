"""Changes good files into nearly good ones: letters, XML trees, JSON trees."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

from lxml import etree

TEXTS = (
    "", "=", "=1", "=null", "=x", "=((", '="a"', "=now()", "=[1,2]", "=for i in 1..9 return i",
    "P1D", "R/P1D", "R3/PT0S", "P0D", "-P1D", "PT99999999999H", "P999999999Y", "2026-02-30",
    "=@\"9999-12-31\"", "0", "-1", "101", "1e999", "true", "false", "All", "None", "x y", "a.b",
    "\u00e9\U0001f600", "\u202e", "none", "Start", "Root", "../x", "<x>", "{{x}}", "x" * 3000,
    "=x.y.z", "=date(\"x\")", "=1/0", "bpmn:tFormalExpression", "#", "%s", "R999999999/PT0.001S",
)  # fmt: skip
ATOMS: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 10**30, [], {}, [1], {"a": 1}, [[]], "date", "datetime",
    "group", "dynamiclist", "2026-02-31", "=records.a.b[1].c", *TEXTS,
)  # fmt: skip
_ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def letters(rnd: Random, content: bytes) -> bytes:
    """Cuts, doubles, swaps and breaks single pieces."""
    made = bytearray(content)
    for _ in range(rnd.randint(1, 4)):
        at = rnd.randrange(len(made) + 1)
        piece = bytes(made[at : at + rnd.choice([1, 1, 4, 30, 300])])
        what = rnd.randrange(6)
        if what == 0:
            del made[at : at + len(piece)]
        elif what == 1:
            made[at:at] = piece * rnd.choice([1, 2, 50])
        elif what == 2:
            made[at:at] = bytes(rnd.randrange(256) for _ in range(rnd.randint(1, 4)))
        elif what == 3:
            made[at:at] = rnd.choice(TEXTS).encode()
        elif what == 4:
            made = made[:at]
        else:
            made[:0] = rnd.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b" ", _ENTITY])
    return bytes(made)


def swapped_words(rnd: Random, content: bytes) -> bytes:
    """Attribute values and texts change places, or become others."""
    text = content.decode("utf-8", "replace")
    places = list(re.finditer(r'"[^"<>]*"|>[^<>]+<', text))
    for _ in range(rnd.randint(1, 6)):
        if not places:
            break
        here, there = rnd.choice(places), rnd.choice(places)
        word = there.group()[1:-1] if rnd.random() < 0.6 else _escaped(rnd.choice(TEXTS))
        text = text[: here.start() + 1] + word + text[here.end() - 1 :]
        places = list(re.finditer(r'"[^"<>]*"|>[^<>]+<', text))
    return text.encode("utf-8", "surrogatepass")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def tree(rnd: Random, content: bytes) -> bytes:
    """Nodes go, double, move or take another's name or attributes."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return letters(rnd, content)
    for _ in range(rnd.randint(1, 5)):
        nodes = [n for n in root.iter() if isinstance(n.tag, str)]
        if len(nodes) > 2:
            _change(rnd, rnd.choice(nodes[1:]), rnd.choice(nodes))
    return etree.tostring(root)


def _change(rnd: Random, one: Any, other: Any) -> None:
    parent = one.getparent()
    what = rnd.randrange(6)
    if what == 0:
        parent.remove(one)
    elif what == 1:
        parent.insert(rnd.randrange(len(parent) + 1), copy.deepcopy(one))
    elif what == 2 and one not in other.iterancestors() and one is not other:
        other.append(copy.deepcopy(one))
    elif what == 3:
        one.tag = other.tag
    elif what == 4 and one.attrib:
        name = rnd.choice(list(one.attrib))
        values = [*other.attrib.values(), rnd.choice(TEXTS[:-1])]
        one.set(name, rnd.choice(values))
    elif one.attrib:
        del one.attrib[rnd.choice(list(one.attrib))]


def xml(rnd: Random, content: bytes) -> bytes:
    return rnd.choice([letters, swapped_words, swapped_words, tree, tree])(rnd, content)


def document(rnd: Random, content: bytes) -> bytes:
    """A JSON document with some values replaced by others, from anywhere in it."""
    if rnd.random() < 0.15:
        return letters(rnd, content)
    root = json.loads(content)
    for _ in range(rnd.randint(1, 8)):
        places = list(_places(root))
        if not places:
            break
        holder, key = rnd.choice(places)
        source, at = rnd.choice(places)
        holder[key] = copy.deepcopy(rnd.choice(ATOMS) if rnd.random() < 0.7 else source[at])
    return json.dumps(root).encode()


def _places(root: Any) -> Any:
    if isinstance(root, dict | list):
        for key in root if isinstance(root, dict) else range(len(root)):
            yield root, key
            yield from _places(root[key])


def given(rnd: Random, depth: int = 0) -> Any:
    """Some JSON value, as a page or a journey might hand it in."""
    at = rnd.random()
    if at < 0.5 or depth > 3:
        return copy.deepcopy(rnd.choice(ATOMS))
    if at < 0.7:
        return [given(rnd, depth + 1) for _ in range(rnd.randint(0, 3))]
    keys = ("day", "month", "year", "time", "name", "a", "0", "type", "value", "x y")
    return {rnd.choice(keys): given(rnd, depth + 1) for _ in range(3)}
