"""The map of readers: of every question, who may come to read its answer, by which way, where.

`carried`: what an expression may carry; `flow`: what names hold; `texts`: what forms and documents
say; `who`: whom a text means; `ways`: the ways; `reader_map`: the rows; `findings`: the rules.
Which class a question has is `asked`'s.
"""

from app.validation.lint.readers.asked import (
    Asked,
    Class,
    classes_of,
    classes_said,
    ordinary,
    questions,
)
from app.validation.lint.readers.reader_map import ReaderMap, reader_map
from app.validation.lint.readers.ways import IN_CLEAR, WAYS, Row
from app.validation.lint.readers.who import OTHER, SORTS, WHOLE

__all__ = [
    "IN_CLEAR",
    "OTHER",
    "SORTS",
    "WAYS",
    "WHOLE",
    "Asked",
    "Class",
    "ReaderMap",
    "Row",
    "classes_of",
    "classes_said",
    "ordinary",
    "questions",
    "reader_map",
]
