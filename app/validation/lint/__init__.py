"""The checks on a drawing before it may run; each rule in the module of its subject."""

from app.validation.lint import rules
from app.validation.lint.registry import RULES, findings
from app.validation.lint.view import Known, Said, View

__all__ = [
    "RULES",
    "Known",
    "Said",
    "View",
    "findings",
    "rules",
]
