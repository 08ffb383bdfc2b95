"""Forms: `.form` files read into fields, and what people answer read into typed values."""

from app.engine.forms.answers import (
    earlier_texts,
    filled,
    given_again,
    initial,
    offered,
    options,
    read_answers,
    shown,
    unknown,
    worded,
)
from app.engine.forms.cells import Cell, Grid
from app.engine.forms.fields import Field, Form, Option, Section, lead, level, sections
from app.engine.forms.known import (
    NOTHING_KNOWN,
    Known,
    KnownAnswers,
    Source,
    accepted,
    begins,
    by_path,
    known,
)
from app.engine.forms.messages import Wrong
from app.engine.forms.naming import templates
from app.engine.forms.person_contexts import FACTS as PERSON_FACTS
from app.engine.forms.person_contexts import as_contexts
from app.engine.forms.person_parts import (
    folded,
    marks_something,
    mentions,
    references,
    words_of_name,
)
from app.engine.forms.person_words import born_in_words, called, label_of, life_in_words
from app.engine.forms.persons import Given, PersonOfCase, Said, persons_of
from app.engine.forms.properties import PERSON_PARTS, FieldRules
from app.engine.forms.provenance import provenance, says_something
from app.engine.forms.reader import expressions_of, names_in, outside_names, read_form
from app.engine.forms.typed_values import read_value, typed_day

__all__ = [
    "NOTHING_KNOWN",
    "PERSON_FACTS",
    "PERSON_PARTS",
    "Cell",
    "Field",
    "FieldRules",
    "Form",
    "Given",
    "Grid",
    "Known",
    "KnownAnswers",
    "Option",
    "PersonOfCase",
    "Said",
    "Section",
    "Source",
    "Wrong",
    "accepted",
    "as_contexts",
    "begins",
    "born_in_words",
    "by_path",
    "called",
    "earlier_texts",
    "expressions_of",
    "filled",
    "folded",
    "given_again",
    "initial",
    "known",
    "label_of",
    "lead",
    "level",
    "life_in_words",
    "marks_something",
    "mentions",
    "names_in",
    "offered",
    "options",
    "outside_names",
    "persons_of",
    "provenance",
    "read_answers",
    "read_form",
    "read_value",
    "references",
    "says_something",
    "sections",
    "shown",
    "templates",
    "typed_day",
    "unknown",
    "worded",
    "words_of_name",
]
