"""Owns reading which files an answer names; whether they are kept is for who keeps them."""

from __future__ import annotations

from typing import Any

from app.engine import attached, saying
from app.engine.forms.fields import Field
from app.engine.forms.messages import name_of, subject, wrong


def read_files(field: Field, raw: Any) -> Any:
    """A context for each, each file once; or `Wrong`."""
    given = [each for each in (raw if isinstance(raw, list) else [raw]) if each not in (None, "")]
    files = {file.digest: file for file in attached.read_all(given)}
    if len(attached.read_all(given)) < len(given):
        return wrong(field, "type", f"Choose the file for “{name_of(field)}” again")
    if len(files) > field.max_items:
        most = saying.count(field.max_items, "file")
        return wrong(field, "max_items", f"Give no more than {most} for “{name_of(field)}”")
    if any(field.accepts and file.kind not in field.accepts for file in files.values()):
        kinds = attached.in_words(field.accepts)
        return wrong(field, "type", f"{subject(field)} must be a file of these kinds: {kinds}")
    return [file.value() for file in files.values()]
