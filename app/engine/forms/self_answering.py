"""Owns what tells an owner that a question would answer itself, is asked for in two ways, or has a
quick answer that nobody could give.

Nobody is quoted with what they did not say: a question begins empty, or shows what somebody said
elsewhere, or what is worked out by a rule that people can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel import compile_expression
from app.engine.forms.properties import FieldRules

#: what a default of these kinds says: nothing
_EMPTY: tuple[Any, ...] = (None, "", [], {}, False)


def sentences(
    given: Mapping[str, Any], rules: FieldRules, required: bool
) -> Iterator[tuple[str, str]]:
    """(rule, sentence) for each way in which the component does so."""
    stated = given.get("defaultValue")
    begins = rules.prefill is None and stated not in _EMPTY
    constant = rules.prefill is not None and _says_the_same(rules.prefill)
    if (begins or constant) and not rules.harmless_default:
        yield (
            "form-answers-itself",
            (
                "It begins with an answer that nobody gave. Remove it, or say why it can do no "
                "harm, with the property “harmless_default”."
            ),
        )
    elif rules.harmless_default and not (begins or constant):
        yield "form-property", "“harmless_default” has no effect: it begins with no such answer."
    elif rules.prefill and not constant and not rules.rule and "records" not in rules.prefill:
        yield (
            "form-no-rule",
            ("Its prefill is worked out, and nobody is told how. Say it in the property “rule”."),
        )
    if required and rules.required_if is not None:
        yield (
            "form-required-twice",
            ("It is always required, so its “required_if” has no effect. Remove one of the two."),
        )
    yield from _quick(given, rules)


def _quick(given: Mapping[str, Any], rules: FieldRules) -> Iterator[tuple[str, str]]:
    """What is sent with one press is an option of the form, and says in words what it states."""
    options, answer = given.get("values"), rules.quick_answer
    if isinstance(options, list) and answer is not None:
        values = [str(option.get("value")) for option in options if isinstance(option, dict)]
        if answer not in values:
            yield (
                "form-property",
                f"“quick_answer” is “{answer[:40]}”, which is none of its options.",
            )
    if (answer is None) != (rules.quick_label is None):
        yield "form-property", "“quick_answer” and “quick_label” belong together: say both."


def _says_the_same(source: str) -> bool:
    """Whether it takes nothing from the case: a constant, or the clock."""
    try:
        return not compile_expression(source).names
    except ExpressionFault:
        return False
