"""Forms: `.form` files read into fields, and what people answer read into typed values."""

from app.engine.forms.answers import (
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
from app.engine.forms.fields import Field, Form, Option, level
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
from app.engine.forms.properties import FieldRules
from app.engine.forms.provenance import provenance, says_something
from app.engine.forms.reader import expressions_of, outside_names, read_form
from app.engine.forms.typed_values import read_value

__all__ = [
    "NOTHING_KNOWN",
    "Cell",
    "Field",
    "FieldRules",
    "Form",
    "Grid",
    "Known",
    "KnownAnswers",
    "Option",
    "Source",
    "Wrong",
    "accepted",
    "begins",
    "by_path",
    "expressions_of",
    "filled",
    "given_again",
    "initial",
    "known",
    "level",
    "offered",
    "options",
    "outside_names",
    "provenance",
    "read_answers",
    "read_form",
    "read_value",
    "says_something",
    "shown",
    "templates",
    "unknown",
    "worded",
]
