"""The checks on a drawing before it may run; each rule in the module of its subject."""

from app.engine.drawing.lint import structure
from app.engine.drawing.lint.registry import RULES, findings
from app.engine.drawing.lint.view import Known, Said, View

__all__ = ["RULES", "Known", "Said", "View", "findings", "structure"]
