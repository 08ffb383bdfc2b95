"""Keys: what is sealed opens only in its place, with its key."""

from __future__ import annotations

import os

import pytest

from app.store import CaseKey, Keys, Sealed, WrongKey
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
