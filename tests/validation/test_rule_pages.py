"""docs/rules: each rule says why it is there, and has a page made of what the tests judge."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.validation import deployment
from app.validation.lint import RULES, registry, rules
from tests.engine.tiny import said
from tests.validation import rule_pages
from tests.validation.test_lint_structure import OK

HINT = "run: python -m tests.validation.rule_pages"


@pytest.mark.parametrize("rule", RULES, ids=[f"{n} {r.name}" for n, r in enumerate(RULES)])
def test_a_rule_says_in_one_to_three_sentences_why_it_is_there(rule: registry.Rule) -> None:
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z“])", rule.why)
    assert rule.why, f"the check of “{rule.name}” has no docstring"
    assert 1 <= len(sentences) <= 3 and rule.why.endswith("."), rule.why


def test_each_rule_has_a_row_with_a_wrong_and_a_right_drawing() -> None:
    assert not {rule.name for rule in RULES} - set(rule_pages.examples())


def test_the_right_drawing_of_a_page_is_not_told() -> None:
    told = {
        rule: [finding.sentence for finding in deployment.check(example.right).findings
               if finding.rule == rule]
        for rule, example in rule_pages.examples().items()
    }  # fmt: skip
    assert not {rule: sentences for rule, sentences in told.items() if sentences}


def test_the_pages_are_those_of_the_rules() -> None:
    faults = rule_pages.faults(rule_pages.kept(), rule_pages.pages())
    assert not faults, f"{HINT}\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("kept", "fault"),
    [
        pytest.param({}, "a.md is missing", id="missing"),
        pytest.param({"a.md": "Of last year"}, "a.md is stale", id="stale"),
        pytest.param({"a.md": "Why", "b.md": "x"}, "b.md belongs to no rule", id="left over"),
    ],
)
def test_a_page_that_is_not_that_of_its_rule_is_noticed(kept: dict[str, str], fault: str) -> None:
    assert rule_pages.faults(kept, {"a.md": "Why"}) == [fault]


PLANTED = '''
from app.validation.lint.registry import rule
from app.validation.lint.view import Said


@rule("planted")
def planted(view):
    """Nobody needs it."""
    yield Said("a", "Found.")
'''


def test_a_module_that_lies_among_the_rules_is_active_without_being_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "planted.py").write_text(PLANTED)
    monkeypatch.setattr(registry, "RULES", [*RULES])
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    assert not said(OK, "planted")
    rules.load()
    assert [finding.element_id for finding in said(OK, "planted")] == ["a"]


def test_rules_are_run_in_the_order_of_their_modules_names() -> None:
    modules = list(dict.fromkeys(rule.module for rule in RULES))
    assert modules == sorted(modules)
