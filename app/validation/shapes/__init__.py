"""What is known of values before anybody gives them, and what asks for something else."""

from app.validation.shapes.known import (
    Kept,
    answers_shape,
    matters_shape,
    persons_shape,
    records_shape,
    roles_of,
    settings_shape,
)
from app.validation.shapes.lookups import Missing, Names, look_up
from app.validation.shapes.shape import (
    NOTHING,
    Record,
    Several,
    Shape,
    Texts,
    all_merged,
    item_of,
    without_texts,
)

__all__ = [
    "NOTHING",
    "Kept",
    "Missing",
    "Names",
    "Record",
    "Several",
    "Shape",
    "Texts",
    "all_merged",
    "answers_shape",
    "item_of",
    "look_up",
    "matters_shape",
    "persons_shape",
    "records_shape",
    "roles_of",
    "settings_shape",
    "without_texts",
]
