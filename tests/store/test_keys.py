"""Keys: what is sealed opens only in its place, with its key."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.store import CaseKey, Keys, Sealed, WrongKey, kek_in
from tests.kit import KEK


def test_what_is_sealed_opens_in_its_own_place_only() -> None:
    key = CaseKey.new("a")
    sealed = key.seal(b"words", "1")
    assert key.open(sealed, "1") == b"words"
    with pytest.raises(Sealed):
        key.open(sealed, "2")
    with pytest.raises(Sealed):
        CaseKey.new("a").open(sealed, "1")


@pytest.mark.parametrize("at", [0, 12, -1], ids=["nonce", "text", "tag"])
def test_a_changed_byte_is_noticed(at: int) -> None:
    key = CaseKey.new("a")
    sealed = bytearray(key.seal(b"words", "1"))
    sealed[at] ^= 1
    with pytest.raises(Sealed):
        key.open(bytes(sealed), "1")


def test_equal_words_are_sealed_differently() -> None:
    key = CaseKey.new("a")
    assert key.seal(b"words", "1") != key.seal(b"words", "1")


def test_a_case_key_is_unwrapped_by_its_kek_for_its_case_only() -> None:
    keys, key = Keys(KEK), CaseKey.new("a")
    wrapped = key.wrapped_by(keys)
    assert keys.unwrap("a", wrapped).commitment() == key.commitment()
    with pytest.raises(WrongKey):
        keys.unwrap("b", wrapped)
    with pytest.raises(WrongKey):
        Keys(os.urandom(32)).unwrap("a", wrapped)


def test_the_key_file_is_made_once_and_for_this_account_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    kek = kek_in(folder)
    assert kek == kek_in(folder) and len(kek) == 32
    assert stat.S_IMODE((folder / "kek").stat().st_mode) == 0o600


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kek").write_bytes(b"short")
    with pytest.raises(WrongKey):
        kek_in(tmp_path)
