"""Two releases run side by side between the two halves of an upgrade, and the old one comes back.

The newer release is this one with an invented next step in two halves, run from a copy: it expands
by a column and a table, and takes away a table that only this one reads.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from app.store import migrate
from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import COMMAND, ROOT, Caller, Running, Site, enter
from tests.kit import diagram

FILES = diagram("start > task:check > end", start_groups="clerk", check={"groups": "clerk"})
_STEP = '''"""Invented."""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = "{after}"
half = "{half}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {does}
'''
_EXPANDS = (
    'op.add_column("cases", sa.Column("flavour", sa.String(), nullable=True))\n'
    '    op.create_table("taste", sa.Column("id", sa.String(), primary_key=True))'
)
#: what the newer release does not need any more: file → texts that it leaves out
_LEFT_OUT = {
    "app/store/chain/log/images.py": ("    signing,\n", "signing, "),
    "app/audit/verification/installation.py": (', "signing": "sign-in"',),
}


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the release after this one."""
    folder = tmp_path_factory.mktemp("newer")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    steps = folder / "app/store/migrations/versions"
    for id, after, half, does in (
        ("0998", migrate.HEAD, "expand", _EXPANDS),
        ("0999", "0998", "contract", 'op.drop_table("signing")'),
    ):
        text = _STEP.format(id=id, after=after, half=half, does=does)
        (steps / f"{id}_invented.py").write_text(text)
    for path, texts in {**_LEFT_OUT, "app/store/migrate.py": ()}.items():
        file = folder / path
        said = file.read_text().replace(f'HEAD = "{migrate.HEAD}"', 'HEAD = "0999"')
        for text in texts:
            assert text in said, (path, text)
            said = said.replace(text, "")
        file.write_text(said)
    return folder


def typed(site: Site, sources: Path, *words: str) -> tuple[int, str]:
    config = str(site.folder / "config.yaml")
    done = subprocess.run(
        [*COMMAND, "--config", config, *words],
        capture_output=True, text=True, cwd=sources, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


class Works:
    """Somebody who begins cases and does their task, at whichever release answers."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.cases: list[str] = []

    def at(self, server: Running) -> None:
        caller = Caller(server.port or 0, self.token)
        begun = caller.post("/api/v1/cases", {"process": "p", "answers": {}})
        assert begun.code == 201, begun.text
        case = begun.json["case"]
        self.cases.append(case)
        (open_,) = caller.get(f"/api/v1/cases/{case}/tasks").json["items"]
        task = open_["task"]
        done = caller.post(f"/api/v1/cases/{case}/tasks/{task}/complete", {"answers": {}})
        assert done.code in (200, 201), done.text
        assert caller.get("/readyz").json["schema"] == "ok"


@pytest.fixture
def site(make_site: MakeSite, postgres_url: str) -> Site:
    """Several processes at once: on the database that is for that."""
    return make_site(FILES, postgres_url)


@pytest.mark.postgres
def test_old_and_new_release_run_side_by_side_and_the_old_one_comes_back(
    site: Site, newer: Path
) -> None:
    assert site.installed().returncode == 0
    works = Works(enter(site.desk(), "ann"))
    old = site.start("serve")
    works.at(old)

    code, said = typed(site, newer, "migrate")
    assert code == 0 and "migrate --finish" in said, said
    works.at(old)  # beneath it the tables grew
    assert old.alive
    new = site.start("serve", sources=newer)
    assert "migrate --finish" in new.said()
    for server in (new, old, new):
        works.at(server)

    old.kill()
    old = site.start("serve")  # the way back, and every start that happens meanwhile
    assert "those of a newer release" in old.said()
    works.at(old)
    assert typed(site, ROOT, "migrate")[0] == 0
    code, said = typed(site, ROOT, "migrate", "--finish")
    assert code == 1 and "newer version" in said
    works.at(new)

    old.kill()
    assert typed(site, newer, "migrate", "--finish")[0] == 0
    works.at(new)
    code, said = typed(site, ROOT, "verify")
    assert code == 1 and "newer version" in said
    code, said = typed(site, newer, "verify")
    assert code == 0 and f"{len(works.cases)} cases checked, 0 wrong." in said
