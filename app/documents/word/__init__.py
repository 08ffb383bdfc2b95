"""Files of Word: opening one, what it says part by part, and what changed between two of them."""

from app.documents.word.changes import ADDED, REMOVED, SAME, Change, what_changed
from app.documents.word.outline import Part, digest, kind_of, outline, packed, style_names, unpacked
from app.documents.word.word_files import MOST_UNPACKED, W, every_text, open_word, saved

__all__ = [
    "ADDED",
    "MOST_UNPACKED",
    "REMOVED",
    "SAME",
    "Change",
    "Part",
    "W",
    "digest",
    "every_text",
    "kind_of",
    "open_word",
    "outline",
    "packed",
    "saved",
    "style_names",
    "unpacked",
    "what_changed",
]
