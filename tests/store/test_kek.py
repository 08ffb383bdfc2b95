"""The key-encryption key: where it comes from, and that it is never made beside sealed cases."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from app.store import CaseKey, KekSource, Keys, Store, WrongKey, kek_for, names_in
from app.store.schema import case_key
from tests.kit import KEK

#: as long as KEK of the kit, and another
OTHER = bytes(reversed(range(32)))


def sealed(store: Store, case: str = "a", keys: Keys | None = None) -> None:
    """One case's key in the database."""
    by = keys or store.keys
    row = {"case_id": case, "kek": by.name, "wrapped": CaseKey.new(case).wrapped_by(by)}
    with store.writing() as unit:
        unit.run(case_key.insert(), row)


def put(folder: Path, kek: bytes) -> KekSource:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kek").write_bytes(kek)
    return KekSource(folder)


def test_the_key_file_is_made_once_and_for_this_account_only(tmp_path: Path) -> None:
    source = KekSource(tmp_path / "secrets")
    kek = kek_for("sqlite://", source, make=True)
    assert kek == kek_for("sqlite://", source, make=True) and len(kek) == 32
    assert stat.S_IMODE((tmp_path / "secrets" / "kek").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongKey, match="32 bytes, not 5"):
        kek_for("sqlite://", put(tmp_path, b"short"), make=True)


def test_no_key_is_made_where_only_a_look_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(WrongKey, match="migrate"):
        kek_for("sqlite://", KekSource(tmp_path / "secrets"), make=False)
    assert not (tmp_path / "secrets").exists()


def test_a_key_is_never_made_beside_a_database_that_has_cases(store: Store, tmp_path: Path) -> None:
    sealed(store)
    url = store.url.render_as_string(hide_password=False)
    with pytest.raises(WrongKey, match=store.keys.name):
        kek_for(url, KekSource(tmp_path / "secrets"), make=True)
    assert not (tmp_path / "secrets").exists()


def test_the_key_of_another_database_is_refused_and_both_are_named(
    store: Store, tmp_path: Path
) -> None:
    sealed(store)
    url = store.url.render_as_string(hide_password=False)
    with pytest.raises(WrongKey, match=f"{Keys(OTHER).name}.*{store.keys.name}"):
        kek_for(url, put(tmp_path, OTHER), make=True)
    assert kek_for(url, put(tmp_path, KEK), make=False) == KEK


def test_two_keys_in_one_database_are_both_named(store: Store) -> None:
    sealed(store)
    sealed(store, "b", Keys(OTHER))
    url = store.url.render_as_string(hide_password=False)
    assert names_in(url) == {store.keys.name, Keys(OTHER).name}


def test_a_look_at_a_file_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert names_in(f"sqlite:///{tmp_path / 'cases.db'}") == frozenset()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "written",
    [KEK, KEK.hex().encode() + b"\n", base64.b64encode(KEK)],
    ids=["as it is", "hexadecimal with a line's end", "base64"],
)
def test_a_command_prints_the_key(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "held").write_bytes(written)
    source = KekSource(tmp_path / "secrets", ("cat", str(tmp_path / "held")))
    assert kek_for("sqlite://", source, make=False) == KEK


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("false",), "ended with 1"),
        (("no-such-program-here",), "could not be run"),
        (("echo", "short"), "32 bytes"),
        (("echo", "$(head -c 32 /dev/zero | base64)"), "32 bytes"),
    ],
    ids=["it fails", "it is not there", "it prints something else", "no shell reads it"],
)
def test_a_command_that_gives_no_key_is_refused(
    tmp_path: Path, command: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(WrongKey, match=sentence):
        kek_for("sqlite://", KekSource(tmp_path, command), make=True)
    assert list(tmp_path.iterdir()) == [], "no file beside a command"


def test_a_credential_of_systemd_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "credentials", KEK)
    source = put(tmp_path / "secrets", OTHER)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert source.read() == KEK
    os.remove(tmp_path / "credentials" / "kek")
    assert source.read() == OTHER


def test_a_file_of_the_new_key_alone_opens_a_database_that_is_under_it(tmp_path: Path) -> None:
    """A change of keys was cut off behind the database."""
    source = put(tmp_path / "secrets", KEK)
    (tmp_path / "secrets" / "kek.next").write_bytes(OTHER)
    assert source.of({Keys(OTHER).name}) == OTHER
    assert source.of({Keys(KEK).name, Keys(OTHER).name}) == KEK, (
        "the one in its place, if it is one"
    )
    assert source.of({"neither"}) is None


def test_a_key_that_is_made_and_each_step_of_its_change_outlast_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file's name is on the disk only when its folder is: asked of the system itself."""
    folder = tmp_path / "secrets"
    kept: list[set[str]] = []
    fsync = os.fsync

    def asked(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            kept.append({file.name for file in folder.iterdir()})
        fsync(handle)

    monkeypatch.setattr(os, "fsync", asked)
    source = KekSource(folder)
    name = f"kek.{Keys(source.make()).name}"
    assert kept == [{"kek"}]
    source.make_next()
    source.promote()
    assert kept[1:] == [{"kek", "kek.next"}, {"kek", "kek.next", name}, {"kek", name}]


PRINTS = ("cat", "held")


@pytest.mark.parametrize(
    ("names", "given"),
    [
        pytest.param(("kek", "kek.next"), {"command": PRINTS}, id="a command gives the key"),
        pytest.param(("kek", "kek.next"), {"next_command": PRINTS}, id="and the new one"),
        pytest.param(("kek",), {}, id="there is no new one"),
        pytest.param(("kek.next",), {}, id="there is no old one"),
    ],
)
def test_where_no_file_can_take_the_place_of_another_none_is_moved(
    tmp_path: Path, names: tuple[str, ...], given: dict[str, tuple[str, ...]]
) -> None:
    for name in names:
        (tmp_path / name).write_bytes(KEK)
    before = sorted(tmp_path.iterdir())
    assert KekSource(tmp_path, **given).promote() is None
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("source", [{"command": PRINTS}, {"next_command": PRINTS}])
def test_no_new_key_is_made_beside_a_command(
    tmp_path: Path, source: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(WrongKey, match=r"key\.next"):
        KekSource(tmp_path, **source).make_next()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [b"00ff", base64.b64encode(b"short")], ids=["hex", "base64"])
def test_a_text_of_fewer_bytes_is_no_key(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(WrongKey, match="32 bytes"):
        put(tmp_path, text).read()
