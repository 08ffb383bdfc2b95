"""A restart never undoes what was made active on the page, whatever lies beside config.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import store, wiring
from app.casework.access import SYSTEM
from app.casework.commands import Activate, Deploy
from app.casework.desk import Desk
from app.cli.main import main
from app.config import installation as configs
from app.scheduler.clock import now
from tests.acceptance.site import Site
from tests.kit import diagram

FIRST = diagram("start > task:check > end", start_groups="clerk", check={"groups": "clerk"})
SECOND = diagram("start > task:look > end", start_groups="clerk", look={"groups": "clerk"})
THIRD = diagram("start > task:see > end", start_groups="clerk", see={"groups": "clerk"})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path, FIRST)
    config = configs.load(made.folder / "config.yaml")
    desk = made.desk()
    assert wiring.deploy_content(desk, config, now(), lambda _: None)
    return made


def made_active(desk: Desk, files: dict[str, bytes]) -> str:
    """As on the page."""
    digest = str(desk.do(Deploy(actor=SYSTEM, at=now(), files=files, note="")).answer["digest"])
    desk.do(Activate(actor=SYSTEM, at=now(), digest=digest))
    return digest


def active(desk: Desk) -> str | None:
    with desk.store.reading() as unit:
        return store.deployments.active(unit)


@pytest.mark.parametrize(
    "beside", [pytest.param(FIRST, id="the same files"), pytest.param(THIRD, id="other files")]
)
def test_what_the_page_made_active_stays_so(site: Site, beside: dict[str, bytes]) -> None:
    desk = site.desk()
    digest = made_active(desk, SECOND)
    for path, text in beside.items():
        site.put(path, text)
    config = configs.load(site.folder / "config.yaml")
    for _ in range(2):  # as “run” and “deploy” do at each start
        again = wiring.open_desk(config, upgrade=True)
        assert wiring.deploy_content(again, config, now(), lambda _: None)
        assert active(again) == digest
    assert main(["--config", str(site.folder / "config.yaml"), "deploy"]) == 0
    assert main(["--config", str(site.folder / "config.yaml"), "migrate"]) == 0
    assert active(desk) == digest
