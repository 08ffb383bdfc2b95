"""Turns the little markup that form texts may hold into safe HTML: everything else is text.

Known: headings (#, ##, ###), lists (- or 1.), **bold**, *stress*, [links](https://…), paragraphs.
The page has the only h1, so headings start one lower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

HEADING = re.compile(r"(#{1,4})\s+(\S.*)")
BULLET = re.compile(r"[-*]\s+(\S.*)")
NUMBER = re.compile(r"\d{1,3}[.)]\s+(\S.*)")
BOLD = re.compile(r"\*\*(\S[^*]{0,500}?)\*\*")
STRESS = re.compile(r"\*(\S[^*]{0,500}?)\*")
LINK = re.compile(r"\[([^\]\[]{1,300})\]\(((?:https?://|mailto:)[^\s()<>]{1,500})\)")

#: characters of a text that stand on a page before what it asks; the rest folds
MOST_ABOVE = 160
SENTENCE = re.compile(r".+?[.!?](?=\s)", re.DOTALL)

SIZES = {1: (2, "m"), 2: (3, "s"), 3: (4, "s"), 4: (5, "s")}


def to_html(text: str) -> Markup:
    """`text` as paragraphs, headings and lists in the Design System's classes."""
    return Markup("\n").join(_blocks(text.replace("\r\n", "\n")))


def parted(text: str) -> tuple[str, str]:
    """A long text's first sentence, and the rest of it; a short one whole."""
    text = text.strip()
    match = SENTENCE.match(text)
    if len(text) <= MOST_ABOVE or match is None or match[0].count("*") % 4:
        return text, ""
    return match[0], text[match.end() :].strip()


def _blocks(text: str) -> Iterator[Markup]:
    for kind, lines in groupby(text.split("\n"), _kind):
        stripped = [line.strip() for line in lines]
        if kind == "heading":
            yield from (_heading(line) for line in stripped)
        elif kind == "bullet":
            yield _list("ul", "bullet", [BULLET.fullmatch(line) for line in stripped])
        elif kind == "number":
            yield _list("ol", "number", [NUMBER.fullmatch(line) for line in stripped])
        elif kind == "text":
            words = Markup("<br>").join(_inline(line) for line in stripped)
            yield Markup('<p class="govuk-body">{}</p>').format(words)


def _kind(line: str) -> str:
    line = line.strip()
    if not line:
        return "nothing"
    for kind, pattern in (("heading", HEADING), ("bullet", BULLET), ("number", NUMBER)):
        if pattern.fullmatch(line):
            return kind
    return "text"


def _heading(line: str) -> Markup:
    match = HEADING.fullmatch(line)
    assert match is not None  # `_kind` said so
    level, size = SIZES[len(match[1])]
    template = Markup('<h{0} class="govuk-heading-{1}">{2}</h{0}>')
    return template.format(level, size, _inline(match[2]))


def _list(tag: str, look: str, items: list[re.Match[str] | None]) -> Markup:
    inner = Markup("").join(Markup("<li>{}</li>").format(_inline(i[1])) for i in items if i)
    return Markup('<{0} class="govuk-list govuk-list--{1}">{2}</{0}>').format(tag, look, inner)


def _inline(line: str) -> Markup:
    # Escaped first: what follows only adds tags around text that is already harmless.
    safe = str(escape(line))
    safe = LINK.sub(r'<a class="govuk-link" href="\2" rel="noreferrer">\1</a>', safe)
    safe = BOLD.sub(r"<strong>\1</strong>", safe)
    return Markup(STRESS.sub(r"<em>\1</em>", safe))
