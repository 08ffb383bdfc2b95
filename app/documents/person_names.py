"""Owns the ways in which a person's names are written: parts alone, initials, the other order.

Built once for all people of a case; where they stand in a text is `names_in_text`'s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.documents.folding import fold, is_letter, is_unspaced
from app.documents.ordinary_words import ABBREVIATIONS, NO_NAMES, ORDINARY, PARTICLES


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the case, and what stands for their names where these may not go."""

    id: str
    #: pseudonym
    label: str
    #: every name that was recorded for them, aliases too
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a name is written, from the first letter of a word on."""

    #: over a folded text; its group `w` stands for words that only count with a capital letter,
    #: `i` for initials
    pattern: re.Pattern[str]
    #: what it begins with
    key: str
    person: str
    #: why a reader has to decide; "": they need not
    doubt: str = ""
    #: written with a capital it is the name, without it may be anything
    capital: bool = False


SHORT = "a short name"
FORM = "another form of a name"
WORD = "also a word of its own"
INITIALS = "the initials of a name"
_GAP = r"(?:[ \n\-·]{1,12}|[._])"
_NOTHING = re.compile(
    r"(?:not (?:known|given|named|yet \w+|applicable)|n/?a|tb[cd]|none|no name|unnamed|-+|\?+)\Z"
)
_BETWEEN = re.compile(
    r"[;/|\n•]|\b(?:a\.?k\.?a\b\.?|also known as|known as|formerly|nee|or|previously)(?=\s)"
)
_NICKNAME = re.compile(r"[(\[\"“”«„]([^()\[\]\"“”«»„]*)[)\]\"“”»]")
_EDGES = " '-"
#: letters with which a surname may begin apart from the rest
_BEGINNINGS = re.compile(r"(?:ma?c|fitz)(?=[^\W\d_]{3})")
#: as they are written where a keyboard has no such letter
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
#: languages in these letters change the end of a name within a sentence
_BENT = re.compile(r"[\u0370-\u052f]{4,}\Z")


def ways(people: Iterable[Named]) -> Iterator[Way]:
    for person in people:
        for name in dict.fromkeys(_spellings(person.names)):
            for parts in _spoken(name):
                yield from _of(parts, person.id)


def parts_of(person: Named) -> set[str]:
    """The parts of their names that stand for nothing else."""
    spoken = [parts for name in person.names for parts in _spoken(name)]
    return {part for parts in spoken for part in parts if not _doubt(part)}


def _spellings(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name
        composed = unicodedata.normalize("NFC", name.lower())
        if composed.translate(_SPELT) != composed:
            yield composed.translate(_SPELT)


def _spoken(name: str) -> Iterator[list[str]]:
    """The names in what somebody entered as a name, each in its parts, first name first."""
    folded = fold(name).text
    if _NOTHING.match(folded.strip()):
        return
    inner = _NICKNAME.findall(folded)
    for each in [*_BETWEEN.split(_NICKNAME.sub(" ", folded)), *inner]:
        if _NOTHING.match(each.strip()):
            continue
        pieces = [piece for piece in each.split(",") if piece.strip(_EDGES)]
        if len(pieces) == 2:  # “Smith, John”, or two names
            yield _parts(f"{pieces[1]} {pieces[0]}")
        else:
            yield from map(_parts, pieces)


def _parts(name: str) -> list[str]:
    plain = "".join(one if _of_a_word(one) else " " for one in name)
    parts = [part.strip(_EDGES) for part in plain.split()]
    return [part for part in parts if part and part not in NO_NAMES]


def _of_a_word(character: str) -> bool:
    return is_letter(character) or character.isdecimal() or character in "'-"


def _of(parts: list[str], person: str) -> Iterator[Way]:
    if len(parts) == 1 and len(parts[0]) > 1 and all(map(is_unspaced, parts[0])):
        yield from _unspaced(parts[0], person)
        return
    if len(parts) > 1:
        for last in (parts[-1], *_halves(parts[-1])):
            yield from _whole([*parts[:-1], last], person)
            yield from _initials([*parts[:-1], last], person)
        yield _run_together(parts[0], parts[-1], person)
        yield from _anglicised(parts[-1], person)
    for number, part in enumerate(parts):
        if not (number and part in PARTICLES):
            yield from _alone(part, person)
    for start in range(1, len(parts) - 1):  # “da Silva”, “Garcia Lopez”
        yield _way(_joined(parts[start:]), parts[start], person)
    for end in range(2, len(parts)):  # “Anh Thư”, “Mary Ann”
        yield _way(_joined(parts[:end]), parts[0], person, _doubt_of_all(parts[:end]), True)


def _halves(part: str) -> list[str]:
    """Of a double-barrelled name, as people use them alone."""
    pieces = [piece for piece in part.split("-") if piece and piece not in PARTICLES]
    return pieces if len(pieces) > 1 else []


def _anglicised(part: str, person: str) -> Iterator[Way]:
    """“O’Doherty” for who is called Doherty, or Ó Dochartaigh."""
    if not part.startswith("o'") and len(part) > 2:
        yield _way(rf"o' ?{_part(part)}", f"o{part}", person)


def _doubt_of_all(parts: list[str]) -> str:
    """Short parts are no word together; words are, where they have no capitals."""
    doubts = [_doubt(part) for part in parts]
    return WORD if all(doubts) and WORD in doubts else ""


def _unspaced(name: str, person: str) -> Iterator[Way]:
    yield _way(r"\s?".join(map(re.escape, name)), name, person)
    if len(name) <= 4:
        for part in (name[:1], name[1:]):
            yield _way(re.escape(part), part, person, SHORT if len(part) < 3 else "")


def _whole(parts: list[str], person: str) -> Iterator[Way]:
    first, *middle, last = parts
    gap = _gap(parts)
    between = "".join(f"(?:{_GAP}(?:{_part(each)}|{_initial(each)}))?" for each in middle)
    any_initials = r"(?:[ .]{1,2}(?P<i>[^\W\d_](?![^\W_]))\.?){0,2}"
    doubt = _doubt_of_all(parts)
    if not doubt and sum(len(part.split("-")) for part in parts) > 2:
        yield _way(_GAP.join(map(_part, parts)), first, person)  # three words need no capitals
    forward = f"{_word(first)}{between}{any_initials if not middle else ''}{gap}{_word(last)}"
    yield _way(forward, first, person, doubt, capital=True)
    back = rf"(?:\s{{0,3}},\s{{0,8}}|{_GAP})"
    for start in range(1, len(parts)):
        behind = _joined(parts[start:]) if start < len(parts) - 1 else _word(last)
        after = "".join(f"(?:{_GAP}(?:{_part(m)}|{_initial(m)}))?" for m in parts[1:start])
        yield _way(f"{behind}{back}{_word(first)}{after}", parts[start], person, doubt, True)


def _run_together(first: str, last: str, person: str) -> Way:
    """As in an address, a handle or a tag: @samleigh."""
    words = _doubtful(first) and _doubtful(last)
    doubt = WORD if words else _doubt(first + last)
    return _way(_part(first) + _part(last), first, person, doubt)


def _gap(parts: list[str]) -> str:
    """Parts may run together where that is no other word."""
    long = sum(map(len, parts)) > 7 and not any(map(_doubtful, parts))
    return f"{_GAP}?" if long else _GAP


def _initials(parts: list[str], person: str) -> Iterator[Way]:
    yield from _letters_alone(parts, person)
    first, last = parts[0], parts[-1]
    doubt = _doubt(last)
    more = r"(?:[^\W\d_](?![^\W_])[. ]{1,3}){0,3}"
    before = f"(?P<i>{re.escape(first[0])})(?![^\\W_])[. ]{{1,3}}{more}{_word(last)}"
    yield _way(before, first[0], person, doubt, capital=True)
    behind = rf"{_word(last)}(?: ?, ?| )(?P<i>{re.escape(first[0])}(?![^\W_]))\.?"
    yield _way(behind, last, person, doubt, capital=True)
    short = rf"{_word(first)}[ ](?P<i>{re.escape(last[0])}(?![^\W_]))\.?"
    yield _way(short, first, person, _doubt(first), capital=True)
    address = rf"{re.escape(first[0])}[._]?{_part(last)}(?=[\d@_])"
    yield _way(address, first[0], person, doubt)


def _letters_alone(parts: list[str], person: str) -> Iterator[Way]:
    first, last = parts[0], parts[-1]
    pieces = [piece for part in parts for piece in part.split("-") if piece]
    for chosen in dict.fromkeys(
        map(tuple, (parts, (first, last), pieces, (first, *last.split("-"))))
    ):
        letters = [part[0] for part in chosen if part]
        dotted = r"\.[ ]?".join(f"(?P<i{n}>{re.escape(each)})" for n, each in enumerate(letters))
        yield _way(rf"{dotted}(?:\.|(?![^\W_]))", letters[0], person, INITIALS, True)
        if "".join(letters) not in ABBREVIATIONS | ORDINARY:
            plain = "".join(f"(?P<i{n}>{re.escape(each)})" for n, each in enumerate(letters))
            yield _way(rf"{plain}(?![^\W_])", letters[0], person, INITIALS, True)


def _alone(part: str, person: str) -> Iterator[Way]:
    yield _way(_part(part), part, person, _doubt(part), capital="-" in part)
    if _BENT.match(part):
        stem = part if part[-1] not in "аеиоуыэюяйьαεηιουω" else part[:-1]
        yield _way(rf"{_tied(stem)}[^\W\d_]{{0,3}}", part, person, FORM)
    pieces = part.split("-")
    for piece in pieces if len(pieces) > 1 else ():
        if piece and piece not in PARTICLES:
            yield _way(_part(piece), piece, person, _doubt(piece))


def _doubt(part: str) -> str:
    if part.replace("'", "") in ORDINARY:
        return WORD
    bare = re.sub(r"['-]", "", part)
    script = 3 if bare[:1] < "\u0590" else 2
    if len(bare) <= script and not all(map(is_unspaced, bare)):
        return SHORT
    return WORD if "-" in part and all(map(_doubt, part.split("-"))) else ""


def _doubtful(part: str) -> bool:
    return bool(_doubt(part))


def _joined(parts: list[str]) -> str:
    return _GAP.join(map(_word, parts))


def _word(part: str) -> str:
    """A part of a whole name: what is a word, too, counts with its capital letter only."""
    return f"(?P<w>{_part(part)})" if _doubt(part) == WORD else _part(part)


def _part(part: str) -> str:
    pieces = [piece for piece in part.split("-") if piece]
    tight = len(part) > 6
    return (r"[ \n\-]{0,6}" if tight else r"[ \n\-]{1,6}").join(map(_letters, pieces))


def _letters(piece: str) -> str:
    """An apostrophe may stand anywhere, or a line may break with a hyphen."""
    bare = piece.replace("'", "")
    beginning = _BEGINNINGS.match(bare)
    loose = r"[' \-]{0,2}"
    if beginning:
        first = "fitz" if bare.startswith("f") else "ma?c"
        return f"{first}{loose}{_tied(bare[beginning.end() :])}"
    if "'" in piece:
        return loose.join(_tied(each) for each in piece.split("'") if each)
    return _tied(bare)


def _tied(letters: str) -> str:
    return r"(?:'|-\n *)?".join(map(re.escape, letters))


def _initial(part: str) -> str:
    return rf"{re.escape(part[0])}(?![^\W_])\.?"


def _way(pattern: str, begins: str, person: str, doubt: str = "", capital: bool = False) -> Way:
    counted = iter(range(1000))
    named = re.sub(r"\(\?P<([wi])\d*>", lambda m: f"(?P<{m[1]}{next(counted)}>", pattern)
    key = re.sub(r"['-]", "", begins)[:2]
    return Way(re.compile(named), key, person, doubt, capital)
