"""What may stand in the query of an address: what it is called, what it may say, how it is read.

One declaration says all three. Problem for what it may not say.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from app.web.api.problems import Problem
from app.web.api.shapes import Schema

MOST_OF_A_WORD = 200


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    name: str
    least: int
    most: int
    #: what is meant when nothing is said
    otherwise: int | None = None

    @property
    def schema(self) -> Schema:
        schema: Schema = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return schema if self.otherwise is None else schema | {"default": self.otherwise}

    def read(self) -> int | None:
        text = request.args.get(self.name)
        if text is None:
            return self.otherwise
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
        if not self.least <= number <= self.most:
            words = f"“{self.name}” must be a whole number from {self.least} to {self.most}."
            raise Problem(400, "query", words)
        return number


@dataclass(frozen=True, slots=True)
class Choice:
    """Some known words, of which the first is meant when nothing is said."""

    name: str
    known: tuple[str, ...]

    @property
    def schema(self) -> Schema:
        return {"enum": [*self.known], "default": self.known[0]}

    def read(self) -> str:
        chosen = request.args.get(self.name, self.known[0])
        if chosen not in self.known:
            raise Problem(400, "query", f"“{self.name}” must be one of {', '.join(self.known)}.")
        return chosen


@dataclass(frozen=True, slots=True)
class Word:
    """An id; without one, everything is meant."""

    name: str

    @property
    def schema(self) -> Schema:
        return {"type": "string", "maxLength": MOST_OF_A_WORD, "default": ""}

    def read(self) -> str:
        word = request.args.get(self.name, "")
        if len(word) > MOST_OF_A_WORD:
            raise Problem(400, "query", f"“{self.name}” is too long.")
        return word


Query = Number | Choice | Word
PAGING: tuple[Query, ...] = (Number("page", 1, 100_000, 1), Number("size", 1, 200, 50))
