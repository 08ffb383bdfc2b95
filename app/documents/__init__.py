"""The documents room: Word and PDF from templates, and the texts of mails."""

from app.documents.citations import Taken
from app.documents.documents import (
    FOLDER,
    FORMATS,
    Template,
    made,
    names_in_template,
    outlined,
    read_documents,
    surveyed,
)
from app.documents.mail import (
    BREAK,
    CONTRIBUTORS,
    MAIL,
    STANDING_FOR,
    STARTER,
    NoLetter,
    addressees,
    worded,
)
from app.documents.manifest import BY_LAW, OUTWARD
from app.documents.names_in_text import People
from app.documents.survey import LEAVE, LEFT_OUT, REPLACE, Found, Survey, named
from app.documents.templates import PLACEHOLDER, Node, short, text_of
from app.documents.value_words import told
from app.documents.word import (
    ADDED,
    REMOVED,
    SAME,
    Change,
    Part,
    digest,
    every_text,
    open_word,
    packed,
    unpacked,
    what_changed,
)

__all__ = [
    "ADDED",
    "BREAK",
    "BY_LAW",
    "CONTRIBUTORS",
    "FOLDER",
    "FORMATS",
    "LEAVE",
    "LEFT_OUT",
    "MAIL",
    "OUTWARD",
    "PLACEHOLDER",
    "REMOVED",
    "REPLACE",
    "SAME",
    "STANDING_FOR",
    "STARTER",
    "Change",
    "Found",
    "NoLetter",
    "Node",
    "Part",
    "People",
    "Survey",
    "Taken",
    "Template",
    "addressees",
    "digest",
    "every_text",
    "made",
    "named",
    "names_in_template",
    "open_word",
    "outlined",
    "packed",
    "read_documents",
    "short",
    "surveyed",
    "text_of",
    "told",
    "unpacked",
    "what_changed",
    "worded",
]
