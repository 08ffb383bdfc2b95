"""Versions that are kept ready: what they share is kept once; without room the oldest go."""

from __future__ import annotations

from app.casework.cases.programs import Programs
from app.engine.run import spec_of
from app.validation.deployment import check, digest
from app.validation.shared_files import SharedFiles
from tests.kit import diagram, form

FORM = form("ask", "wanted")


def version(number: int) -> dict[str, bytes]:
    """Version of a process whose form stays the same."""
    drawn = diagram("start > task:ask > end", ask={"groups": "clerk", "form": "ask"})
    name = f'name="Ask {number}"'.encode()
    return {path: text.replace(b'name="ask"', name) for path, text in drawn.items()} | FORM


def size(*versions: dict[str, bytes]) -> int:
    return sum(len(text) for text in {text for each in versions for text in each.values()})


def test_what_versions_share_is_kept_once() -> None:
    programs = Programs()
    made = [programs.make(version(number)).program for number in range(5)]
    assert len({id(program.forms["ask"]) for program in made}) == 1
    assert len({id(program.processes["p"]) for program in made}) == 5
    assert programs.size == size(*map(version, range(5)))
    again = programs.make(version(3)).program
    assert again.processes["p"] is made[3].processes["p"]
    assert spec_of(again, "p") is spec_of(made[3], "p"), "its graph is built once"


def test_without_room_the_version_asked_for_longest_ago_goes() -> None:
    programs = Programs(most_bytes=size(version(0), version(1)))
    first = programs.make(version(0))
    programs.make(version(1))
    assert programs.make(version(0)) is first, "there is room for two"
    programs.make(version(2))
    assert digest(version(1)) not in programs
    assert programs.make(version(0)) is first
    assert programs.size == size(version(0), version(2))


def test_a_version_put_together_from_what_others_hold_is_the_one_of_its_files() -> None:
    shared = SharedFiles(most=1)  # nothing stays but what was asked for last
    for number in (0, 1, 0):
        files = version(number)
        made = check(shared.contents(files), accepted=True, read=shared.read).program
        alone = check(files, accepted=True).program
        assert made is not None and alone is not None
        assert (made.processes, made.forms, made.digest) == (
            alone.processes, alone.forms, alone.digest,
        )  # fmt: skip
