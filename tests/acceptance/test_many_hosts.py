"""Five hosts beside one PostgreSQL: three give pages, two wake deadlines and send mail.

Each host is a folder of its own; what they share is the database, `kek` and `web.key`
(docs/operations/many-hosts.md).
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import pytest
from sqlalchemy import text

from app.casework import accounts
from app.casework.desk import Desk
from app.scheduler.clock import now
from app.store import cases
from app.store.chain import history
from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import PASSWORD, Caller, Site, answering, cookie
from tests.kit import diagram, form
from tests.limits import until
from tests.mail_server import MailServer, listening

SERVE, WORK, CASES = 3, 2, 4
FILES = {
    **diagram(
        "start > task:check > end; boundary:late > send:tell > end:told",
        check={"groups": "clerk", "form": "words"},
        late={"on": "check", "timer": "PT1S", "interrupting": "false"},
        tell={"effect": "mail", "to": "clerk", "template": "due"},
    ),
    **form("words", "reason", required=True),
    "forms/mail/due.txt": b"Subject: Due in {reference}\n\nPlease act. {link}\n",
}
CLERKS = ("ann", "ben")


@dataclass
class Hosts:
    serving: list[Site]
    working: list[Site]
    mail: MailServer
    desk: Desk

    def callers(self, cookies: dict[str, str]) -> Iterator[Caller]:
        """The same browser, led to another host each time."""
        ports = [site.running[0].port or 0 for site in self.serving]
        return cycle([Caller(port, cookies=cookies) for port in ports])


@pytest.fixture
def hosts(make_site: MakeSite, postgres_url: str) -> Iterator[Hosts]:
    with listening(MailServer()) as mail:
        sent = {"sender": "noreply@example.org", "host": "127.0.0.1", "port": mail.port}
        sites = [make_site(FILES, postgres_url, mail=sent) for _ in range(SERVE + WORK)]
        first = sites[0]
        assert first.installed().returncode == 0
        desk = first.desk()
        for who in CLERKS:
            accounts.ensure(desk, who, who.title(), ["clerk"], now(), attributes={},
                            email=f"{who}@example.org", password=PASSWORD)  # fmt: skip
        first.start("serve")
        for site in sites[1:]:
            shutil.copytree(first.folder / "var" / "secrets", site.folder / "var" / "secrets")
            site.start("serve" if site in sites[:SERVE] else "work", wait=False)
        for site in sites[1:SERVE]:
            answering(site.running[0])
        yield Hosts(sites[:SERVE], sites[SERVE:], mail, desk)


@pytest.mark.postgres
def test_one_session_works_on_every_host_and_each_timer_and_mail_comes_once(hosts: Hosts) -> None:
    ann = hosts.callers(cookie(hosts.desk, "ann"))
    begun = []
    for _ in range(CASES):
        given = next(ann).form("/start/p") | {"_action": "complete"}
        answer = next(ann).post("/start/p", given)
        assert answer.code == 302, answer.words
        begun.append(re.search(r"/cases/([^/?]+)", answer.headers["Location"])[1])
    awaited = Counter(f"{who}@example.org Due in {case}" for who in CLERKS for case in begun)
    until(lambda: len(hosts.mail.got) >= len(awaited), lambda: hosts.working[0].running[0].said())
    for case in begun:
        (link,) = set(
            next(ann).get(f"/cases/{case}").tree.xpath("//a[contains(@href,'/tasks/')]/@href")
        )
        given = next(ann).form(link) | {"reason": "r", "_action": "complete"}
        assert next(ann).post(link, given).code == 302
    assert Counter(f"{mail['To']} {mail['Subject']}" for mail in hosts.mail.got) == awaited
    with hosts.desk.store.reading() as unit:
        workers = unit.run(text("SELECT worker FROM beat")).all()
        for case in begun:
            row = cases.find(unit, case)
            assert row is not None and row.ended_at is not None
            kinds = Counter(entry.kind for entry in history.rows(unit, row.id))
            assert (kinds["StartCase"], kinds["WakeCase"], kinds["CompleteTask"]) == (1, 1, 1)
    assert len(workers) == WORK
    for site in (*hosts.serving, *hosts.working):
        assert site.running[0].kill(15) == 0
        assert "Traceback" not in site.running[0].said()
