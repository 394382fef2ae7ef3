"""Secrets sealed by a passphrase: kept whole, opened by nothing else, faults told apart."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import pwhash

from collabdesk.errors import CollabDeskError, NotPossible, Refusal
from collabdesk.host.key_store import KeyStore
from collabdesk.host.passphrase_store import PassphraseStore, Work

LIGHT = Work(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
WORDS = "four unrelated words café"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.sealed"


def test_secrets_outlive_the_program(path: Path) -> None:
    store: KeyStore = PassphraseStore.create(path, WORDS, LIGHT)
    store.put("signing", b"\x00seed\xff")
    store.put("sealing", b"other")
    store.delete("sealing")
    store.delete("never there")
    again = PassphraseStore.open(path, WORDS)
    assert again.get("signing") == b"\x00seed\xff"
    assert again.get("sealing") is None
    assert str(path) in again.describe()


def test_the_file_shows_nothing_and_is_its_owners_alone(path: Path) -> None:
    PassphraseStore.create(path, WORDS, LIGHT).put("signing", b"seed of this laptop")
    content = path.read_bytes()
    assert b"signing" not in content
    assert b"seed" not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_secrets_never_give_the_same_file(path: Path, tmp_path: Path) -> None:
    PassphraseStore.create(path, WORDS, LIGHT)
    PassphraseStore.create(tmp_path / "second", WORDS, LIGHT)
    assert path.read_bytes() != (tmp_path / "second").read_bytes()


def test_an_accent_typed_in_two_ways_is_the_same_passphrase(path: Path) -> None:
    PassphraseStore.create(path, "caf\u00e9 with four words", LIGHT)
    PassphraseStore.open(path, "cafe\u0301 with four words")


def test_a_wrong_passphrase_says_so(path: Path) -> None:
    PassphraseStore.create(path, WORDS, LIGHT)
    with pytest.raises(Refusal) as refused:
        PassphraseStore.open(path, "some other passphrase")
    assert refused.value.code == "wrong-passphrase"
    assert refused.value.field == "passphrase"


@settings(max_examples=60)
@given(st.data())
def test_any_damage_is_told_from_a_wrong_passphrase(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "keys.sealed"
    PassphraseStore.create(path, WORDS, LIGHT).put("signing", b"seed")
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[place] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(flipped), content[:place]):
        path.write_bytes(damaged)
        with pytest.raises(NotPossible) as refused:
            PassphraseStore.open(path, WORDS)
        assert refused.value.code == "sealed-file-damaged"
        assert path.read_bytes() == damaged


def test_a_file_that_asks_for_endless_work_is_damaged_not_obeyed(path: Path) -> None:
    PassphraseStore.create(path, WORDS, LIGHT)
    content = bytearray(path.read_bytes()[:-32])
    content[12:20] = (2**40).to_bytes(8, "big")
    path.write_bytes(bytes(content) + hashlib.sha256(content).digest())
    with pytest.raises(NotPossible, match="damaged"):
        PassphraseStore.open(path, WORDS)


def test_an_existing_file_is_never_replaced_by_a_new_store(path: Path) -> None:
    path.write_bytes(b"something else")
    with pytest.raises(Refusal, match="already holds"):
        PassphraseStore.create(path, WORDS, LIGHT)
    assert path.read_bytes() == b"something else"


def test_a_short_passphrase_is_refused_with_advice(path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        PassphraseStore.create(path, "short", LIGHT)
    assert refused.value.field == "passphrase"
    assert not path.exists()


def test_a_missing_file_says_which(path: Path) -> None:
    with pytest.raises(NotPossible, match=r"keys\.sealed"):
        PassphraseStore.open(path, WORDS)


def test_a_file_sealed_anew_elsewhere_asks_for_its_passphrase(path: Path) -> None:
    store = PassphraseStore.create(path, WORDS, LIGHT)
    path.unlink()
    PassphraseStore.create(path, "another passphrase", LIGHT)
    with pytest.raises(Refusal, match="does not open"):
        store.get("signing")


def test_a_write_that_fails_leaves_the_old_secrets(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PassphraseStore.create(path, WORDS, LIGHT)
    store.put("signing", b"seed")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(CollabDeskError, match="No space left"):
            store.put("signing", b"new seed")
    assert PassphraseStore.open(path, WORDS).get("signing") == b"seed"
    assert [one.name for one in path.parent.iterdir()] == ["keys.sealed"]
