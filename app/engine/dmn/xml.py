"""Owns walking DMN XML: which standard's version it is, children by local name, names it gives.

What the elements mean is `reader`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

Tag: TypeAlias = etree._Element

#: model namespace → version of DMN, all read the same way (1.2 to 1.5 only add to 1.1)
VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}


def local(tag: Tag) -> str:
    """The tag's name without its namespace; "" for what is no element."""
    return str(etree.QName(tag).localname) if isinstance(tag.tag, str) else ""


def children(tag: Tag | None, name: str | None = None) -> list[Tag]:
    """Child elements of the tag's own namespace, of that name or of any."""
    if tag is None or not isinstance(tag.tag, str):
        return []
    space = etree.QName(tag).namespace
    return [
        element
        for element in tag
        if isinstance(element.tag, str)
        and etree.QName(element).namespace == space
        and (name is None or local(element) == name)
    ]


def child(tag: Tag | None, name: str) -> Tag | None:
    tags = children(tag, name)
    return tags[0] if tags else None


def text_of(tag: Tag) -> str:
    """The text in its `text` child (or, as item definitions have it, its own)."""
    inner = child(tag, "text")
    return flat(tag if inner is None else inner)


def flat(tag: Tag) -> str:
    """All text inside a tag."""
    return "".join(str(text) for text in tag.itertext()).strip()


def line_of(tag: Tag) -> int | None:
    line = tag.sourceline
    return line if isinstance(line, int) else None


def names_in(root: Tag) -> Iterator[str]:
    """Every name the file gives to something an expression can speak of."""
    for tag in root.iter(etree.Element):
        for attribute in ("name", "iteratorVariable"):
            name = tag.get(attribute)
            if name:
                yield name


def joined(place: str, inner: str) -> str:
    """The way to a part of a file, as sentences tell it: “column 2, entry “age””."""
    return f"{place}, {inner}" if place and inner else place or inner
