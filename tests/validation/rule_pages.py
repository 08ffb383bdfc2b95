"""Writes docs/rules: for each rule of lint a page with a wrong drawing, a right one, and why.

`python -m tests.validation.rule_pages`. Drawings and sentences come from the tables that the tests
of lint judge, reasons from the rules themselves, so a page cannot say what is not so.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from lxml import etree

from app.documents import every_text
from app.engine.errors import Finding
from app.engine.pictures.svg import draw
from app.validation import deployment
from app.validation.lint import RULES
from app.validation.lint.registry import Rule
from tests.validation import (
    test_lint_activities,
    test_lint_correlation,
    test_lint_events,
    test_lint_expressions,
    test_lint_gateways,
    test_lint_readers,
    test_lint_references,
    test_lint_structure,
    test_lint_typed_texts,
    test_lint_values,
)

TOP = Path(__file__).parents[2]
FOLDER = TOP / "docs" / "rules"
Files = Mapping[str, bytes]

#: parts of rules' names that are no words
SPELT = {
    "bpmndi": "BPMN DI",
    "mi": "multi-instance",
    "behavior": "behaviour",
    "sub ?process": "sub-process",
    "ad hoc": "ad-hoc",
    "event based": "event-based",
}
#: longest stretch of differing lines that a page shows
MOST_LINES = 24
#: what differs in these is told in lines of the file, as a picture does not show it
UNSEEN = ("Expression", "extensionElements", "bpmndi")
#: rules that judge no drawing: what they judge, where they lie, and how their names stand there
ELSEWHERE = {
    "Decisions": (("app/engine/dmn",), r'"(decision-[a-z-]+|xml)"'),
    "Forms": (("app/engine/forms",), r'"(form-[a-z-]+)"'),
    "Documents, files and the set as a whole": (
        ("app/documents", "app/engine/bpmn/reading", "app/validation", "app/bounded"),
        r'(?:Finding\(\s*[^",]*(?:"")?,\s*|RULE = |TOO_MUCH = )"([a-z-]+)"',
    ),
}
HEAD = """# Rules of the check

A drawing is checked before it may go live, by the rules below. Each has a page with a wrong
drawing, a right one, and what would happen in a case. What is *refused* has to be mended first;
what is *told* is let through, and everything is where a process is not marked as executable.

Made by `python -m tests.validation.rule_pages` from the rules (`app/validation/lint/rules`) and the
drawings that their tests judge. How to write what drawings can say:
[For process owners](../process-owners.md).
"""


@dataclass(frozen=True)
class Example:
    #: what is wrong with the drawing, in the words of the test
    title: str
    wrong: Files
    right: Files
    #: of the wrong drawing
    finding: Finding


def _files(given: bytes | Files) -> Files:
    return {"bpmn/t.bpmn": given} if isinstance(given, bytes) else given


@dataclass(frozen=True)
class Row:
    rule: str
    title: str
    #: what the finding names; None: whatever it is
    element: str | None
    wrong: Files
    right: Files


def rows() -> Iterator[Row]:
    """Every row of the tables."""
    five = (
        test_lint_structure, test_lint_gateways, test_lint_events, test_lint_expressions,
        test_lint_correlation,
    )  # fmt: skip
    for module in five:
        for title, (rule, _, element, wrong, right) in module.ROWS.items():
            yield Row(rule, title, element, _files(wrong), _files(right))
    for title, (rule, _, wrong, right) in test_lint_activities.ROWS.items():
        yield Row(rule, title, "a", wrong, right)
    for title, (rule, element, wrong, right) in test_lint_references.ROWS.items():
        yield Row(rule, title, element, _files(wrong), _files(right))
    fine = test_lint_values.content()
    for title, (rule, files, _) in test_lint_values.ROWS.items():
        yield Row(rule, title, None, files, fine)
    for rule, (title, wrong, right) in test_lint_readers.EXAMPLES.items():
        yield Row(rule, title, None, wrong, right)
    wrong, right = test_lint_typed_texts.EXAMPLE
    yield Row(
        test_lint_typed_texts.RULE, "the label of a task is what was typed", "do", wrong, right
    )


def examples() -> dict[str, Example]:
    """Rule → its first row."""
    known = {rule.name for rule in RULES}
    made: dict[str, Example] = {}
    for row in rows():
        if row.rule in known and row.rule not in made:
            made[row.rule] = _example(row)
    return made


def _example(row: Row) -> Example:
    for finding in _findings(row.rule, row.wrong):
        if row.element in (None, finding.element_id):
            return Example(row.title, row.wrong, row.right, finding)
    raise ValueError(f"“{row.title}”: {row.rule} does not find what is wrong with the drawing")


def _findings(rule: str, files: Files) -> list[Finding]:
    return [finding for finding in deployment.check(files).findings if finding.rule == rule]


def words(rule: str) -> str:
    """The name of a rule in words: `no-default-flow` → "No default flow"."""
    text = rule.replace("-", " ")
    for part, spelt in SPELT.items():
        text = re.sub(rf"\b{part}\b", spelt, text)
    return text[:1].upper() + text[1:]


def severity(registered: list[Rule], example: Example) -> str:
    """What the check does about it, in words."""
    refused = any(rule.severity == "error" for rule in registered)
    said = "**Refused**" if refused else "**Told, and let through**"
    if not refused and example.finding.severity == "error":
        return f"{said}; refused where it is as plain as here."
    if refused and {rule.severity for rule in registered} == {"error", "warning"}:
        return f"{said}; some of it is only told, as said below."
    alone = {path: text for path, text in example.wrong.items() if path != "settings.json"}
    if alone == example.wrong:
        return f"{said}."
    told_alone = _findings(example.finding.rule, alone)
    if not told_alone:
        return f"{said}. It needs the whole set: a file that is checked alone is not judged by it."
    if refused and told_alone[0].severity == "warning":
        return f"{said}; only told where a file is checked alone, without the rest of its set."
    return f"{said}."


def first_sentence(why: str) -> str:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z“])", why, maxsplit=1)[0]


def picture(example: Example, files: Files, mark: str = "") -> str:
    """`mark`: for what the finding names."""
    marks = {example.finding.element_id or "": mark} if mark else {}
    return draw(files[example.finding.file], marks=marks) + "\n"


def _lines(path: str, content: bytes) -> list[str]:
    """The text of a file with an element, or an entry, a line."""
    if path.endswith((".bpmn", ".dmn")):
        root = etree.fromstring(content)
        etree.indent(root)
        return etree.tostring(root, encoding="unicode").splitlines()
    if path.endswith((".form", ".json")):
        return json.dumps(json.loads(content), indent=1, ensure_ascii=False).splitlines()
    if path.endswith(".docx"):
        return every_text(content)
    return content.decode().splitlines()


def difference(wrong: Files, right: Files) -> str:
    """The lines that differ, file by file, for a page; empty where there are none."""
    parts = []
    for path in sorted({*wrong, *right}):
        before, after = (
            _lines(path, files[path]) if path in files else [] for files in (wrong, right)
        )
        told = [*difflib.unified_diff(before, after, n=1, lineterm="")][3:]
        shown = ["…" if line.startswith("@@") else line.rstrip() for line in told]
        if len(shown) > MOST_LINES:
            shown = [*shown[:MOST_LINES], "…"]
        if shown:
            parts.append(f"In `{path}`:\n\n```diff\n" + "\n".join(shown) + "\n```\n")
    return "\n".join(parts)


def page(registered: list[Rule], example: Example) -> str:
    name, finding = registered[0].name, example.finding
    why = "\n\n".join(dict.fromkeys(rule.why for rule in registered))
    plain = picture(example, example.wrong)
    told = difference(example.wrong, example.right)
    hidden = plain == picture(example, example.right) or any(part in told for part in UNSEEN)
    marks = picture(example, example.wrong, "wrong") != plain
    marked = ", with what the check names marked" if marks else ""
    parts = [
        f"# {words(name)} (`{name}`)",
        severity(registered, example),
        "## Why",
        why,
        "## Wrong",
        f"{example.title[:1].upper()}{example.title[1:]}:",
        f"![The wrong drawing{marked}](pictures/{name}-wrong.svg)",
        f"The check says: “{finding.sentence}”",
        "## Right",
        f"![The right drawing](pictures/{name}-right.svg)",
    ]
    if hidden and told:
        parts += [
            "## What differs in the file",
            "`-` stands in the wrong one, `+` in the right.",
            told,
        ]
    parts.append("[All rules](README.md)")
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def subject(rule: Rule) -> str:
    """What the rule's module says that its rules are on."""
    said = (import_module(rule.module).__doc__ or "").splitlines()[0].partition(":")[0]
    text = re.sub(r" \(.*?\)", "", said).removeprefix("Rules on ").strip(". ")
    return text[:1].upper() + text[1:]


def index(by_name: Mapping[str, list[Rule]]) -> str:
    parts = [HEAD.strip()]
    for title, wanted in (("Refused", True), ("Told, and let through", False)):
        names = [
            name for name, rules in by_name.items()
            if any(rule.severity == "error" for rule in rules) is wanted
        ]  # fmt: skip
        parts.append(f"## {title}")
        for about in sorted({subject(by_name[name][0]) for name in names}):
            held = sorted(name for name in names if subject(by_name[name][0]) == about)
            said = [
                f"- [{words(n)}]({n}.md) (`{n}`): {first_sentence(by_name[n][0].why)}" for n in held
            ]
            parts += [f"### {about}", "\n".join(said)]
    parts += ["## Without a page", _elsewhere()]
    return "\n\n".join(parts) + "\n"


def _elsewhere() -> str:
    """Rules that judge no drawing, by the names that stand in the code."""
    told = ["These judge other files than drawings; their sentences say what is wrong and why."]
    for title, (folders, name) in ELSEWHERE.items():
        paths = [path for folder in folders for path in sorted((TOP / folder).glob("*.py"))]
        names = {n for path in paths for n in re.findall(name, path.read_text(encoding="utf-8"))}
        told.append(f"{title}: {', '.join(f'`{name}`' for name in sorted(names))}.")
    told.append("What is told of decision tables: [DMN](../conformance.md#dmn).")
    return "\n\n".join(told)


def pages() -> dict[str, str]:
    """Path below docs/rules → its text: everything that belongs there."""
    by_name: dict[str, list[Rule]] = {}
    for rule in RULES:
        by_name.setdefault(rule.name, []).append(rule)
    drawn = examples()
    made = {"README.md": index(by_name)}
    for name, registered in by_name.items():
        example = drawn[name]
        mark = "wrong" if example.finding.severity == "error" else "warned"
        made[f"{name}.md"] = page(registered, example)
        made[f"pictures/{name}-wrong.svg"] = picture(example, example.wrong, mark)
        made[f"pictures/{name}-right.svg"] = picture(example, example.right)
    return made


def kept() -> dict[str, str]:
    """What lies in docs/rules now."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file()
    }


def faults(kept: Mapping[str, str], fresh: Mapping[str, str]) -> list[str]:
    """What is wrong with the files that are kept, a line for each."""
    return [
        *(f"{path} is missing" for path in fresh if path not in kept),
        *(f"{path} is stale" for path in fresh if kept.get(path, fresh[path]) != fresh[path]),
        *(f"{path} belongs to no rule" for path in kept if path not in fresh),
    ]


if __name__ == "__main__":
    (FOLDER / "pictures").mkdir(parents=True, exist_ok=True)
    fresh = pages()
    for left_over in set(kept()) - set(fresh):
        (FOLDER / left_over).unlink()
    for path, text in fresh.items():
        (FOLDER / path).write_text(text, encoding="utf-8")
