"""People who carry a case through a real browser, using nothing but what a page shows.

An `Office` is the partnership's own content and people on a clock that a test turns; its mail is
kept as it left. A `Caseworker` signs in, takes tasks from the list, answers what a form asks and
opens the links of mails. How often they click and how much they type is counted, job by job.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError
from werkzeug.serving import make_server

from app import wiring
from app.config.installation import load
from app.engine import LONDON
from app.scheduler.outbox import Outbox
from app.scheduler.sending import Sender
from app.scheduler.signals import spread
from app.scheduler.ticking import Ticker
from tests.browser.screens import resize
from tests.limits import PATIENCE_S
from tests.post import Letterbox
from tests.templates import create_site

TOP = Path(__file__).parents[2]
LINK = re.compile(r"https?://\S+")
#: what somebody writes where a form wants words and the story does not say which
WORDS = "As was said at the time; the note is in the team’s file."


#: and whom they name
SOMEBODY = "Jo Fielding"

#: a small telephone, and the desk that people go on at
SCREENS = ((320, 568), (1280, 800))
BOTTOM = "element => Math.round(element.getBoundingClientRect().bottom)"


@dataclass
class Job:
    """What one piece of work took."""

    who: str
    name: str
    clicks: int = 0
    fields: int = 0
    sends: int = 0


@dataclass
class Office:
    address: str
    desk: Any
    browser: Browser
    ticker: Ticker
    sender: Sender
    letters: list[EmailMessage]
    clock: list[datetime]
    password: str
    #: person → address
    addresses: Mapping[str, str]
    jobs: list[Job] = field(default_factory=list)
    inside: dict[str, Caseworker] = field(default_factory=dict)
    read: int = 0
    #: tasks whose page was measured
    looked_at: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        return self.clock[0].astimezone(LONDON).date()

    def turn(self, day: date, at: str = "09:00") -> None:
        """The clock goes on to that time in London; what falls due on the way happens."""
        hour, minute = map(int, at.split(":"))
        until = datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)
        while self.clock[0] < until:
            self.clock[0] = min(self.clock[0] + timedelta(hours=1), until)
            self.ticker.tick()
            self.sender.knock()

    def person(self, who: str) -> Caseworker:
        if who not in self.inside:
            self.inside[who] = Caseworker.at_the_door(self, who)
        return self.inside[who]

    def blind_letters(self) -> list[str]:
        """Each new mail is opened by its link as its recipient: what of that fails."""
        self.ticker.tick()
        self.sender.knock()
        blind = []
        who_at = {address: who for who, address in self.addresses.items()}
        for letter in self.letters[self.read :]:
            words = letter.get_body(("plain",))
            assert words is not None
            who, (link,) = who_at[str(letter["To"])], LINK.findall(words.get_content())
            person = self.person(who)
            if person.opens(link) != 200 or "/cases/" not in person.page.url:
                blind.append(f"{who}: {letter['Subject']}")
        self.read = len(self.letters)
        return blind


@contextmanager
def office(folder: Path, browser: Browser, at: datetime) -> Iterator[Office]:
    config = replace(
        load(TOP / "config.yaml"),
        database=f"sqlite:///{folder / 'cases.db'}", secrets_dir=folder / "secrets",
    )  # fmt: skip
    desk = wiring.open_desk(config, upgrade=True)
    clock = [at]
    assert wiring.deploy_content(desk, config, at, print)
    wiring.put_people(desk, config, at)
    app = create_site(desk, config, lambda: clock[0])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    mail = replace(config.mail, address=address, host="127.0.0.1")
    box = Letterbox()
    letters, outbox = box.got, Outbox(desk, mail, partial(spread, desk))
    sender = Sender(desk, mail, box, lambda: clock[0])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ticker = Ticker(desk, outbox, lambda: clock[0])
    password = config.demo.password if config.demo else ""
    addresses = {person.id: person.email or "" for person in config.people}
    yield Office(address, desk, browser, ticker, sender, letters, clock, password, addresses)
    server.shutdown()
    thread.join(5)
    desk.store.close()


QUESTIONS = (Path(__file__).parent / "questions.js").read_text()
Given = Mapping[str, Any]


@dataclass
class Caseworker:
    office: Office
    who: str
    page: Page

    @classmethod
    def at_the_door(cls, office: Office, who: str) -> Caseworker:
        context = office.browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE_S * 1000)
        return cls(office, who, context.new_page())

    def opens(self, address: str) -> int:
        """The page there, after signing in where they are asked to; its status."""
        answer = self.page.goto(address)
        if "/sign-in" in self.page.url:
            self.page.get_by_label("Email address or user name").fill(self.who)
            self.page.get_by_label("Password", exact=True).fill(self.office.password)
            with self.page.expect_navigation() as led:
                self.page.get_by_role("button", name="Sign in").click()
            answer = led.value
        assert "/sign-in" not in self.page.url, f"{self.who} cannot sign in"
        return answer.status if answer else 0

    def starts(self, what: str, given: Given, *, adds: Sequence[str] = ()) -> str:
        """Begins a case; gives its reference, as the page says it."""
        job = self._job(f"Start: {what}")
        self.opens(self.office.address)
        self._follow(job, "Start a case")
        self._follow(job, what)
        self._answers(job, given, adds, "Send and start the case")
        (reference,) = re.findall(r"RR-\d{4}-\d{4}", self.page.locator("h1").inner_text())
        return str(reference)

    def does(
        self, task: str, given: Given | None = None, *, adds: Sequence[str] = (), of: str = ""
    ) -> None:
        """Does a task of their groups, found in the list. `of`: what tells it from its siblings."""
        job = self._job(task + (f" ({of})" if of else ""))
        self.opens(f"{self.office.address}/tasks")
        tab = self.page.get_by_role("link", name=re.compile("groups", re.I)).first
        with self.page.expect_navigation():
            tab.click()
        job.clicks += 1
        name = re.compile(re.escape(task) + (rf"\s+\({re.escape(of)}\)" if of else r"\s*(\(|$)"))
        rows = self.page.locator("a.app-task-name").filter(has_text=name)
        try:
            with self.page.expect_navigation():
                rows.first.click()
        except TimeoutError as late:
            offered = self.page.locator("a.app-task-name").all_inner_texts()
            sentence = f"{self.who} is not offered “{task}”, but {offered}"
            raise AssertionError(sentence) from late
        job.clicks += 1
        if task not in self.office.looked_at:
            self.office.looked_at.add(task)
            self._sees_at_once({"Why it is": ".app-explain", "Whom about": ".app-brief__name"})
        self._answers(job, given or {}, adds, "this task")

    def makes(self, document: str, case: str) -> Path:
        """A Word file of the case; what may be a name in it is left as it is. Where it lies."""
        job = self._job(f"Make: {document}")
        self.opens(f"{self.office.address}/cases/{case}")
        self._follow(job, "Documents")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=f"Make Word of {document}").click()
        job.clicks += 1
        if self.page.title().startswith("Before it leaves"):
            for choice in self.page.get_by_label("Leave all as they are").all():
                choice.check()
                job.clicks += 1
            with self.page.expect_navigation():
                self.page.get_by_role("button", name="Make Word").click()
            job.clicks += 1
        with self.page.expect_download() as file:
            self.page.get_by_role("link", name=f"Word of {document}").first.click()
        return Path(file.value.path())

    def _sees_at_once(self, places: Mapping[str, str]) -> None:
        """They stand on the screen before anybody scrolls, of a desk and of a small telephone.

        A click comes back when its page begins; what stands where is asked once the style is there.
        """
        for selector in places.values():
            self.page.locator(selector).first.wait_for()
        self.page.wait_for_load_state()
        for width, height in SCREENS:
            resize(self.page, width, height)
            for what, selector in places.items():
                end = self.page.locator(selector).first.evaluate(BOTTOM)
                assert end <= height, f"{what}: {end} px down of {height} at {width} px wide"

    def _job(self, name: str) -> Job:
        job = Job(self.who, name)
        self.office.jobs.append(job)
        return job

    def _follow(self, job: Job, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=True).first.click()
        job.clicks += 1

    def _answers(self, job: Job, given: Given, adds: Sequence[str], button: str) -> None:
        said = {key.casefold(): value for key, value in given.items()}
        used: set[str] = set()
        # what a page does not hold is asked of a whole page: a click comes back when it begins
        self.page.wait_for_load_state()
        if self.page.locator(".govuk-task-list").count():
            self._goes_through(job, said, used, adds)
        else:
            self._adds(job, adds)
        problems: list[str] = []
        for _ in range(4):
            self._fill(job, said, used)
            address = self.page.url
            self.page.locator("form.app-form").get_by_role("button", name=button).last.click()
            job.clicks += 1
            job.sends += 1
            self.page.wait_for_load_state()
            if not self.page.title().startswith("Error:"):
                still = self.page.url == address and self.page.locator("form.app-form").count()
                if not still:
                    self.office.ticker.tick()
                    unused = said.keys() - used
                    assert not unused, f"“{job.name}” does not ask {sorted(unused)}"
                    return
                continue  # the answers have opened more questions
            problems = self.page.locator(".govuk-error-summary__list li").all_inner_texts()
        raise AssertionError(f"{self.who} cannot send “{job.name}”: {problems}")

    def _adds(self, job: Job, adds: Sequence[str]) -> None:
        for add in adds:
            with self.page.expect_navigation():
                self.page.get_by_role("button", name=add, exact=False).first.click()
            job.clicks += 1

    def _goes_through(self, job: Job, said: Given, used: set[str], adds: Sequence[str]) -> None:
        """Section after section, until all answers are there to be read."""
        self.page.locator(".govuk-task-list__link").first.click()
        job.clicks += 1
        left, problems = list(adds), list[str]()
        for _ in range(40):
            self.page.wait_for_load_state()
            if self.page.title().startswith("Check your answers"):
                return
            here = [add for add in left if self.page.get_by_role("button", name=add).count()]
            left = [add for add in left if add not in here]
            self._adds(job, here)
            self._fill(job, said, used)
            self.page.get_by_role("button", name="Save and go on").last.click()
            job.clicks += 1
            job.sends += 1
            self.page.wait_for_load_state()
            problems = self.page.locator(".govuk-error-summary__list li").all_inner_texts()
        raise AssertionError(f"{self.who} does not come through “{job.name}”: {problems}")

    def _fill(self, job: Job, said: Given, used: set[str]) -> None:
        """Answers one question after the other; an answer may open others."""
        passed: set[str] = set()
        while True:
            questions = self.page.evaluate(QUESTIONS)
            question = next((q for q in questions if q["ids"][0] not in passed), None)
            if question is None:
                return
            passed.add(question["ids"][0])
            asks = question["asks"].casefold()
            key = next((key for key in said if asks.startswith(key)), None)
            if key is not None:
                used.add(key)
            if question["answered"] and not question["error"]:
                continue
            if key is not None:
                self._put(job, question, said[key])
            elif question["error"] or _is_asked(question):
                self._put(job, question, self._otherwise(question))

    def _otherwise(self, question: Mapping[str, Any]) -> Any:
        """What somebody says where the story leaves it open."""
        options = question["choices"][1:] or question["labels"]
        if question["kind"] in ("radio", "select"):
            return next((option for option in options if option == "No"), options[0])
        if question["kind"] == "checks":
            return [options[0]]
        asks = question["asks"].casefold()
        if "email" in asks and question["kind"] == "text":
            return self.office.addresses[self.who]
        if asks.startswith("who") and question["kind"] == "text":
            return SOMEBODY
        return self.office.clock[0] if question["kind"] == "date" else WORDS

    def _put(self, job: Job, question: Mapping[str, Any], value: Any) -> None:
        kind, ids = question["kind"], question["ids"]
        if kind in ("radio", "checks"):
            for label in [value] if isinstance(value, str) else value:
                meant = [n for n, text in enumerate(question["labels"]) if text.startswith(label)]
                assert meant, f"“{question['asks']}” has no “{label}”: {question['labels']}"
                self._at(ids[meant[0]]).check()
                job.clicks += 1
        elif kind == "select":
            choice = next(text for text in question["choices"] if text.startswith(value))
            self._at(ids[0]).select_option(label=choice)
            job.clicks += 1
        elif kind == "date":
            self._put_date(job, ids, value)
        else:
            self._at(ids[0]).fill(str(value))
            job.fields += 1

    def _put_date(self, job: Job, ids: Sequence[str], value: datetime | date) -> None:
        day = value.astimezone(LONDON) if isinstance(value, datetime) else value
        parts = [str(day.day), str(day.month), str(day.year)]
        if len(ids) == 4:
            parts.append(f"{day:%H:%M}" if isinstance(day, datetime) else "09:00")
        for id, part in zip(ids, parts, strict=False):
            self._at(id).fill(part)
        job.fields += 1

    def _at(self, id: str) -> Locator:
        return self.page.locator(f'[id="{id}"]')


def _is_asked(question: Mapping[str, Any]) -> bool:
    """Whether the page wants an answer: it is not optional, and no single box that may stay empty;
    the box that says that what is known is right has to be ticked."""
    if question["asks"].endswith("(optional)"):
        return False
    alone = question["kind"] == "checks" and len(question["ids"]) == 1
    return not alone or question["asks"] == "What is known already"
