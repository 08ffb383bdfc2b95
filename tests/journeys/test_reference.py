"""docs/journeys.md tells every word that a journey may say and no other; examples can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.journeys.file.claims import CHECKS, MAIL_KEYS
from app.journeys.file.reading import AFTER_KEYS, CALENDAR_KEYS, FILE_KEYS, read
from app.journeys.file.steps import STEP_KEYS
from tests.rows import need_rows

FILE = Path(__file__).resolve().parents[2] / "docs/journeys.md"
DOCS = FILE.read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| .+? \| `(.+)` \|$", re.M)
#: a heading or the head of a table → the keys it tells
SECTIONS = {
    "## The file\n": FILE_KEYS,
    "| key of `after` |": AFTER_KEYS,
    "| key of `calendar` |": CALENDAR_KEYS,
    "| key of a person |": ("roles", "name"),
    "## A step\n": STEP_KEYS,
    "| key | holds when |": CHECKS,
    "| key of a `mail` |": MAIL_KEYS,
}


def rows(section: str) -> list[tuple[str, str]]:
    """(key, example) of the first table behind these words."""
    behind = DOCS.split(section, 1)[1]
    table = behind[behind.index("|") :].split("\n\n", 1)[0]
    return [(match[1], match[2]) for match in _ROW.finditer(table)]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda text: text.strip("#|\n "))
def test_every_key_is_told_and_none_that_is_not_there(section: str) -> None:
    told = [key for key, _ in rows(section)]
    need_rows(str(FILE), f"“{section.strip()}”", SECTIONS[section], told)
    assert sorted(told) == sorted(SECTIONS[section])


EXAMPLES = [
    pytest.param(section, key, example, id=f"{section.strip('#|` ')} {key}".replace("\n", ""))
    for section in SECTIONS
    for key, example in rows(section)
]


@pytest.mark.parametrize(("section", "key", "example"), EXAMPLES)
def test_every_example_says_its_key_and_can_be_read(
    tmp_path: Path, section: str, key: str, example: str
) -> None:
    assert re.search(rf"\b{key}:", example)
    (tmp_path / "easter_2026.yaml").write_text(
        "steps:\n  - {who: sin_notifier, do: send_notification}\n"
    )
    if "step" in section.lower():
        text = f"steps:\n  - {{{example}}}\n"
    elif "holds" in section or "mail" in section:
        text = f"steps:\n  - check: {{{example}}}\n"
    else:
        text = example if key == "steps" else f"{example}\nsteps: []\n"
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    read(tmp_path / "one.yaml")
