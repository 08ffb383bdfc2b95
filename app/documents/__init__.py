"""The documents room: Word and PDF from templates, and the texts of mails."""

from app.documents.citations import Taken
from app.documents.documents import FOLDER, FORMATS, Template, made, read_documents
from app.documents.mail import BREAK, MAIL, STARTER, NoLetter, addressees, worded
from app.documents.templates import PLACEHOLDER, Node, short, text_of
from app.documents.value_words import told
from app.documents.word_files import every_text, open_word

__all__ = [
    "BREAK",
    "FOLDER",
    "FORMATS",
    "MAIL",
    "PLACEHOLDER",
    "STARTER",
    "NoLetter",
    "Node",
    "Taken",
    "Template",
    "addressees",
    "every_text",
    "made",
    "open_word",
    "read_documents",
    "short",
    "text_of",
    "told",
    "worded",
]
