"""Two finished cases, full of what people really write: every paper of theirs is read line by line.

The cases are `finished/*.yaml`: serious harm to one of two twins up to the published review and its
last action; and the death of a twin with a dispute, Form A and no local review.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from app import store, wiring
from app.casework import views
from app.casework.access import Person
from app.casework.commands import ProduceDocument
from app.casework.desk import Desk
from app.casework.errors import Refused, Undecided
from app.config.installation import Config, load
from app.documents import BY_LAW, read_documents
from app.journeys import play
from tests.word_documents import lines

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
PRESENT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
AT = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
CASES = ("serious_harm", "death")


@dataclass(frozen=True)
class Paper:
    case: str
    id: str
    sources: bool
    outward: bool
    content: bytes

    @property
    def lines(self) -> list[str]:
        return lines(self.content)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return replace(load(TOP / "config.yaml"), secrets_dir=tmp_path_factory.mktemp("finished"))


@pytest.fixture(scope="module")
def papers(config: Config) -> Iterator[list[Paper]]:
    desk = wiring.open_desk(config, database="sqlite://", upgrade=True)
    said: list[str] = []
    assert wiring.deploy_content(desk, config, PRESENT, said.append), said
    yield [paper for case in CASES for paper in _papers(desk, config, case)]
    desk.store.close()


def _papers(desk: Desk, config: Config, case: str) -> Iterator[Paper]:
    people = wiring.people_of(config)
    result = play(HERE / f"finished/{case}.yaml", desk, present=PRESENT, own_time=True,
                  people=people)  # fmt: skip
    with desk.store.reading() as unit:
        ids = {reference: id for id, reference in store.chain.counters.numbered(unit)}
    id = ids[next(iter(result.cases.values()))]
    for name, template in read_documents(result.program.files)[0].items():
        about = template.manifest
        who = next(
            person for person in people.values()
            if person.roles & set(about.groups) and not person.attributes
        )  # fmt: skip
        for sources in (False, True):
            made = _made(
                desk, who, id, name, sources, "The police" if about.audience == BY_LAW else ""
            )
            if made is not None:
                yield Paper(case, name, sources, about.outward, made)


def _made(
    desk: Desk, who: Person, case: str, name: str, sources: bool, recipient: str
) -> bytes | None:
    order = ProduceDocument(actor=who, at=AT, case=case, document=name, format="docx",
                            sources=sources, recipient=recipient)  # fmt: skip
    try:
        try:
            done = desk.do(order)
        except Undecided as asked:
            decisions = asked.all_replaced()
            done = desk.do(replace(order, seen=asked.survey.digest, decisions=decisions))
    except Refused:
        return None  # this case has not come to it
    return views.kept_document(desk, who, case, name, done.answer["version"], AT).content


#: what a machine says and no person would, → what it looks like
NO_WORDS: dict[str, str] = {
    "a value of a program": r"\b(?:null|true|false|NaN|undefined)\b",
    "an empty list": r"\[\]|\{\}",
    "a key": r"\b[a-z0-9]+_[a-z0-9_]+\b",
    "a date as machines write it": r"\b\d{4}-\d{2}-\d{2}\b",
    "a placeholder": r"[«»]",
    "two marks in a row": r"; ;|;;|, ,|: \.|(?<!\.)\.\.(?!\.)",
    "“Not given” glued to something": r"\wNot given|Not given\w",
    "an answer in a sentence that has none": r"\bis Not given|\bNot given\.",
    "a capital within a list": r"\w and (?:A|The) [a-z]",
    "somebody told twice": r"((?:Child|Family member|Professional) \d+)[ -]+\1\b",
    "a piece of a name behind its pseudonym": r"\d’(?!s\b)\w",
    "a child by letter": r"\bChild [A-H]\b(?!\w)",
}  # fmt: skip


@pytest.mark.parametrize("pattern", NO_WORDS.values(), ids=NO_WORDS)
def test_no_paper_says_what_no_person_would(papers: list[Paper], pattern: str) -> None:
    found = [
        f"{paper.case} {paper.id}: {line}"
        for paper in papers
        for line in paper.lines
        if re.search(pattern, line)
    ]
    assert not found


def test_every_paper_that_the_case_came_to_is_there(papers: list[Paper]) -> None:
    made = {case: {paper.id for paper in papers if paper.case == case} for case in CASES}
    assert made["serious_harm"] == {
        "imr_request", "lcspr_briefing", "lcspr_improvements", "lcspr_report", "master_scoping",
        "merged_chronology", "notification_summary", "outcome_report", "publication_checklist",
    }  # fmt: skip
    assert made["death"] == {
        "child_death_form_a", "learning_briefing", "master_scoping", "notification_summary",
        "outcome_report",
    }  # fmt: skip


def test_below_every_heading_stands_something(papers: list[Paper]) -> None:
    empty = []
    for paper in papers:
        levels: list[tuple[int, str]] = []
        for block in Document(io.BytesIO(paper.content)).iter_inner_content():
            style = str(getattr(block.style, "name", "") or "")
            text = getattr(block, "text", "a table")
            if style.startswith("Heading"):
                level = int(style[-1])
                if levels and level <= levels[-1][0]:
                    empty.append(f"{paper.case} {paper.id}: {levels[-1][1]}")
                levels.append((level, text))
            elif text.strip():
                levels = []
        empty += [f"{paper.case} {paper.id}: {text}" for _, text in levels]
    assert not empty


#: in which case → names, homes, numbers that must not be found in what leaves, in any writing
HUNTED: dict[str, tuple[str, ...]] = {
    "serious_harm": (
        "Ọlájídé", "Olajide", "OLAJIDE", "O’Brien", "O'Brien", "OBrien", "O Brien", "O-Brien",
        "Brien", "Siobhán", "Siobhan", "SIOBHÁN", "Siobha\u0301n", "Mayowa", "Billy",
        "Nguyễn", "Nguyen", "NGUYEN", "Văn Đức", "Van Duc", "Đức", "Duc", "Duke", "Duke’s",
        "Hồng", "Hong", "Tạ Thị", "Hoa", "Thị", "Mill Lane", "MILL LANE", "GU1 3XX", "GU13XX",
        "Flat 3", "943 476 5919", "9434765919", "2 November 2025", "02/11/2025", "May and Will",
        "Will and May", "James Thorne", "Tom Bexley", "Amara Bell", "Rosa Whitfield",
    ),
    "death": (
        "Anh Thư", "Anh Thu", "Anh-Thư", "Anh", "Thư", "Annie", "Nguyễn", "Nguyen", "Minh",
        "Quyên", "Quyen", "Lệ", "Pádraig", "Padraig", "Dochartaigh", "O’Doherty", "Doherty",
        "O’", "Bridie", "Weir Court", "GU21 4AA", "14 May 2026", "943 476 5870", "Rosa Whitfield",
    ),
}  # fmt: skip


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("’", "'"))
    return "".join(each for each in apart if not unicodedata.combining(each))


@pytest.mark.parametrize(
    ("case", "written"), [(case, each) for case, every in HUNTED.items() for each in every]
)
def test_nobody_is_named_in_what_leaves(papers: list[Paper], case: str, written: str) -> None:
    wanted = re.compile(rf"(?<!\w){re.escape(bare(written))}(?!\w)")
    found = [
        line
        for paper in papers
        if paper.case == case and paper.outward
        for line in paper.lines
        if wanted.search(bare(line))
    ]
    assert not found


def test_the_annex_of_what_leaves_names_nobody_who_works_here(
    papers: list[Paper], config: Config
) -> None:
    outward = [paper for paper in papers if paper.outward and paper.sources]
    assert len(outward) == 6
    said = "\n".join(paper.text.partition("\nSources\n")[2] for paper in outward)
    named = [each for each in config.people if each.name in said or each.id in said]
    assert not named
    assert "Agency contact (Surrey Police), Monday 30 March 2026" in said
    inside = [paper.text for paper in papers if not paper.outward and paper.sources]
    scoped = [text for text in inside if "Return the scoping form" in text]
    assert scoped and all("gareth.pugh" in text for text in scoped)


#: what was wrong when the papers were read first: (case, paper, what it says now)
SAID: dict[str, tuple[str, str, str]] = {
    "a child not born has no birth": (
        "serious_harm", "master_scoping", "Not named | Expected 30 August 2026 | Not known",
    ),
    "nor in a request": (
        "serious_harm", "imr_request",
        "Unborn child, not named (child) | expected 30 August 2026 | Address not said",
    ),
    "a year is no day": (
        "serious_harm", "notification_summary",
        "Date of birth | 2019 (only roughly: the year is an estimate)",
    ),
    "nobody asked a mother’s birthday": (
        "serious_harm", "imr_request",
        "Siobhán Ọlájídé-O’Brien (family member, mother) | Not said | Address not said",
    ),
    "an agency is an agency": (
        "serious_harm", "outcome_report",
        "Surrey Police: left out here. The agency marked its return: Police-restricted.",
    ),
    "who knows nothing says so": (
        "serious_harm", "outcome_report", "Integrated Care Board | Returned: nothing known",
    ),
    "an approximate time is approximate": (
        "serious_harm", "outcome_report", "How exact is the time of the incident? | Approximate",
    ),
    "a home does not leave": (
        "serious_harm", "outcome_report",
        "They lived with their mother, Family member 1, at [address].",
    ),
    "when a partner dissented": (
        "serious_harm", "outcome_report", "Police | Dissents\n16 April 2026 at 10am",
    ),
    "when the Panel agreed": (
        "serious_harm", "lcspr_report", "Case Review Panel | Agreed\n8 September 2026 at 10am",
    ),
    "no review is called unfit that was published": (
        "serious_harm", "lcspr_improvements", "The improvements alone, not the review itself.",
    ),
    "“not known” is an answer": (
        "serious_harm", "merged_chronology", "Whether the child was seen alone is not known.",
    ),
    "several labels": (
        "serious_harm", "master_scoping", "The child; A brother or sister; A parent or carer",
    ),
    "who decided a dispute": (
        "death", "notification_summary", "The partners disagreed; the Director decided | ",
    ),
    "Form A speaks to who reads it": ("death", "child_death_form_a", "Who notifies"),
    "a name in two words is one": ("death", "outcome_report", "Child 1 and Child 2 are twins."),
}  # fmt: skip


@pytest.mark.parametrize(("case", "id", "expected"), SAID.values(), ids=SAID)
def test_a_paper_says_what_is_so(papers: list[Paper], case: str, id: str, expected: str) -> None:
    (paper,) = (p for p in papers if (p.case, p.id, p.sources) == (case, id, False))
    assert expected in paper.text


def test_who_was_not_asked_is_not_said_to_have_answered(papers: list[Paper]) -> None:
    (paper,) = (
        p for p in papers if (p.case, p.id, p.sources) == ("serious_harm", "master_scoping", False)
    )
    nothing_known = paper.text.partition("\nIntegrated Care Board\n")[2].partition("\nAcute")[0]
    assert nothing_known and "none given" not in nothing_known
