"""What the keyring adapter refuses, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from collabdesk.errors import NotPossible
from collabdesk.host.key_store import KeyStore
from collabdesk.host.keyring_store import LONGEST, KeyringStore


class MemoryVault(KeyringBackend):
    """Behaves as an unlocked keyring that holds text by service and user."""

    # Declared as the system's own, since the adapter accepts no stranger.
    __module__ = "keyring.backends.SecretService"
    # Never offered when other tests search for keyrings.
    priority = -1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


class LockedVault(MemoryVault):
    """Behaves as a keyring whose owner has not unlocked it."""

    __module__ = "keyring.backends.SecretService"

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("The collection is locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class PlainFile(MemoryVault):
    """Behaves as one of the keyrings that write plain text into a file."""

    __module__ = "keyrings.alt.file"


def test_secrets_come_back_byte_for_byte() -> None:
    store: KeyStore = KeyringStore(MemoryVault())
    assert store.get("signing") is None
    store.put("signing", bytes(range(32)))
    store.put("anchor", b"")
    assert store.get("signing") == bytes(range(32))
    assert store.get("anchor") == b""
    store.delete("signing")
    store.delete("signing")
    assert store.get("signing") is None


@pytest.mark.parametrize(
    "backend",
    [
        keyring.backends.null.Keyring(),  # type: ignore[no-untyped-call]
        keyring.backends.fail.Keyring(),  # type: ignore[no-untyped-call]
        keyring.backends.chainer.ChainerBackend(),  # type: ignore[no-untyped-call]
        PlainFile(),
    ],
)
def test_a_keyring_that_protects_nothing_is_refused(backend: KeyringBackend) -> None:
    with pytest.raises(NotPossible) as refused:
        KeyringStore(backend)
    assert refused.value.code == "unsafe-keyring"
    assert type(backend).__module__ in refused.value.words
    assert "passphrase" in refused.value.remedy


def test_a_secret_too_long_for_windows_is_refused_everywhere() -> None:
    vault = MemoryVault()
    store = KeyringStore(vault)
    store.put("fits", bytes(LONGEST * 3 // 4))
    with pytest.raises(NotPossible) as refused:
        store.put("longer", bytes(LONGEST * 3 // 4 + 1))
    assert refused.value.code == "secret-too-long"
    assert len(vault.kept) == 1


def test_a_locked_keyring_says_so_and_offers_the_file() -> None:
    store = KeyringStore(LockedVault())
    attempts: tuple[Callable[[], object], ...] = (
        lambda: store.get("a"),
        lambda: store.put("a", b"b"),
        lambda: store.delete("a"),
    )
    for attempt in attempts:
        with pytest.raises(NotPossible) as refused:
            attempt()
        assert refused.value.code == "keyring-unreachable"
        assert "did not answer" in refused.value.words
        assert "sealed by a passphrase" in refused.value.remedy


def test_a_secret_changed_by_something_else_is_named() -> None:
    vault = MemoryVault()
    store = KeyringStore(vault)
    store.put("signing", b"seed")
    vault.kept = dict.fromkeys(vault.kept, "not base64!")
    with pytest.raises(NotPossible, match="signing"):
        store.get("signing")
