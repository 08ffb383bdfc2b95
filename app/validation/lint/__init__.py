"""The checks on a drawing before it may run; each rule in the module of its subject."""

from app.validation.lint.registry import RULES, findings
from app.validation.lint.rules import (
    activities,
    compensation,
    content,
    correlation,
    events,
    expressions,
    foreign,
    gateways,
    loops,
    mails,
    paths,
    pictures,
    properties,
    references,
    structure,
    times,
    unsupported,
    values,
    variables,
)
from app.validation.lint.view import Known, Said, View

#: modules whose import registers their rules
RULE_MODULES = (
    structure, gateways, events, activities, unsupported, compensation, values, mails,
    paths, loops, times, expressions, variables, properties, content, pictures, references, foreign,
    correlation,
)  # fmt: skip

__all__ = ["RULES", "RULE_MODULES", "Known", "Said", "View", "findings"]
