"""Forms: `.form` files read into fields, and what people answer read into typed values."""

from app.engine.forms.answers import given_again, initial, options, read_answers, unknown, worded
from app.engine.forms.cells import Cell, Grid
from app.engine.forms.fields import Field, Form, Option, level
from app.engine.forms.messages import Wrong
from app.engine.forms.naming import templates
from app.engine.forms.properties import FieldRules
from app.engine.forms.reader import expressions_of, outside_names, read_form
from app.engine.forms.typed_values import read_value

__all__ = [
    "Cell",
    "Field",
    "FieldRules",
    "Form",
    "Grid",
    "Option",
    "Wrong",
    "expressions_of",
    "given_again",
    "initial",
    "level",
    "options",
    "outside_names",
    "read_answers",
    "read_form",
    "read_value",
    "templates",
    "unknown",
    "worded",
]
