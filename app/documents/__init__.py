"""The documents room: Word and PDF from templates, and the texts of mails."""

from app.documents.citations import Taken
from app.documents.documents import FOLDER, FORMATS, Template, made, read_documents, surveyed
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
from app.documents.word_files import every_text, open_word

__all__ = [
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
    "REPLACE",
    "STANDING_FOR",
    "STARTER",
    "Found",
    "NoLetter",
    "Node",
    "People",
    "Survey",
    "Taken",
    "Template",
    "addressees",
    "every_text",
    "made",
    "named",
    "open_word",
    "read_documents",
    "short",
    "surveyed",
    "text_of",
    "told",
    "worded",
]
