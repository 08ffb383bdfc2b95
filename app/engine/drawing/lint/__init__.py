"""The checks on a drawing before it may run; each rule in the module of its subject."""

from app.engine.drawing.lint import activities, events, gateways, paths, structure, unsupported
from app.engine.drawing.lint.registry import RULES, findings
from app.engine.drawing.lint.view import Known, Said, View

__all__ = [
    "RULES",
    "Known",
    "Said",
    "View",
    "activities",
    "events",
    "findings",
    "gateways",
    "paths",
    "structure",
    "unsupported",
]
