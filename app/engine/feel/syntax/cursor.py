"""Walks through the tokens of one expression and recognises names, also those with spaces.

FEEL names may hold spaces, key words and signs. Two names never stand side by side, so a run of
words is one name; a name with a key word or sign in it is recognised when it is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.engine.errors import ExpressionFault
from app.engine.feel.syntax.lexer import Token, fault, tokens

DEEPEST = 60
#: words that end a name: they can follow a finished term
ENDS = frozenset({"and", "or", "in", "between", "instance", "then", "else", "return", "satisfies"})
#: signs allowed inside names (DMN 1.3 §10.3.1), beside letters and digits
_SIGNS = frozenset({"+", "-", "*", "/", ".", "**"})
#: built-in functions whose names hold a key word; they count only before "("
_BUILT_IN = ("date and time", "years and months duration", "get or else")


class Cursor:
    """Where the parser stands."""

    def __init__(self, source: str, names: Collection[str] = ()) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.place = 0
        self.depth = 0
        self._known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.know(name)

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    @property
    def next(self) -> Token:
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def at_mark(self, *texts: str) -> bool:
        token = self.tokens[self.place]
        return token.kind == "mark" and token.text in texts

    def at_word(self, *texts: str) -> bool:
        token = self.tokens[self.place]
        return token.kind == "word" and token.text in texts

    def skip(self, text: str) -> bool:
        """Takes this word or mark if it is here."""
        token = self.tokens[self.place]
        if token.text != text or token.kind not in ("mark", "word"):
            return False
        self.place += 1
        return True

    def expect(self, text: str, why: str) -> Token:
        if self.now.text == text and self.now.kind in ("mark", "word"):
            return self.take()
        raise self.fault(f"“{text}” is missing here, {why}{self._but()}.")

    def _but(self) -> str:
        return " before the end" if self.now.kind == "end" else f"; here stands “{self.now.text}”"

    def fault(self, sentence: str, at: int | None = None) -> ExpressionFault:
        return fault(self.source, self.now.at if at is None else at, sentence)

    def know(self, name: str) -> None:
        """Lets a name with signs or key words in it be recognised from here on."""
        try:
            words = tuple(token.text for token in tokens(name)[:-1])
        except ExpressionFault:
            return
        if len(words) < 2:
            return
        entries = self._known.setdefault(words[0], [])
        if (words, name) not in entries:
            entries.append((words, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def _matches(self, words: Iterable[str]) -> int:
        """How many tokens these words cover from here; 0 where they do not stand here."""
        count = 0
        for count, word in enumerate(words, 1):
            place = self.place + count - 1
            if place >= len(self.tokens) or self.tokens[place].text != word:
                return 0
        return count

    def quoted_name(self) -> str | None:
        """Takes a name in back-ticks, as Camunda writes one with spaces or signs in it."""
        if self.now.kind != "name":
            return None
        name = " ".join(self.now.text[1:-1].split())
        if not name:
            raise self.fault("A name is missing between these back-ticks.")
        self.place += 1
        return name

    def known_name(self) -> str | None:
        """Takes the longest known name that stands here."""
        if self.now.kind != "word":
            return self.quoted_name()
        for words, name in self._known.get(self.now.text, ()):
            count = self._matches(words)
            if count and count >= self._run():
                self.place += count
                return name
        return self._built_in()

    def _built_in(self) -> str | None:
        for name in _BUILT_IN:
            count = self._matches(name.split())
            if count and self.tokens[self.place + count].text == "(":
                self.place += count
                return name
        return None

    def _run(self) -> int:
        """Length of the run of words from here that are no key words."""
        place = self.place
        while self.tokens[place].kind == "word" and self.tokens[place].text not in ENDS:
            place += 1
            if self.tokens[place].kind == "number" and self._touches(place):
                place += 1
        return place - self.place

    def _touches(self, place: int) -> bool:
        """Whether a number stands inside a name, as in `line 2 total`."""
        return self.tokens[place].text.isdigit()

    def name(self, why: str) -> str:
        """A name: a known one, else the run of words that stands here."""
        known = self.known_name()
        if known is not None:
            return known
        count = self._run()
        if not count:
            raise self.fault(f"A name is missing here, {why}{self._but()}.")
        words = [self.take().text for _ in range(count)]
        return " ".join(words)

    def key(self) -> str | None:
        """A name followed by ":", with signs and key words allowed; takes both, or nothing."""
        name = self.bound(":")
        if name is not None:
            self.place += 1
        return name

    def bound(self, *ends: str) -> str | None:
        """A name with signs allowed, up to one of these words or marks; takes it, or nothing."""
        place = self.place
        if self.now.kind == "name" and self.next.text in ends:
            return self.quoted_name()
        if self.now.kind != "word" or self.now.text in ends:
            return None
        while self.tokens[place].text not in ends and (
            self.tokens[place].kind in ("word", "number") or self.tokens[place].text in _SIGNS
        ):
            place += 1
        if self.tokens[place].text not in ends or self.tokens[place].kind not in ("mark", "word"):
            return None
        text = self.source[self.now.at : self.tokens[place - 1].end]
        self.place = place
        return " ".join(text.split())

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault(f"This expression is nested more than {DEEPEST} levels deep.")
