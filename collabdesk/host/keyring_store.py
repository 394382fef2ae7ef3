"""Secrets in the operating system's keyring; the library is imported where it is used."""

from __future__ import annotations

import base64
import binascii
import sys
from typing import TYPE_CHECKING

from collabdesk.errors import NotPossible

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

# The Windows vault takes 1,280 characters a secret; stay clear of that.
LONGEST = 1200

SERVICE = "CollabDesk"
USER = "this laptop"

# Keyrings that encrypt and belong to the person logged in. Any other (null, fail, plain text in a
# file, a chain that may end in one) is refused.
SAFE = {
    "keyring.backends.SecretService": "the desktop's Secret Service keyring",
    "keyring.backends.libsecret": "the desktop's Secret Service keyring",
    "keyring.backends.kwallet": "KDE's wallet",
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "the macOS keychain",
}

INSTEAD = "Keep this laptop's keys in a file sealed by a passphrase instead."


class KeyringStore:
    """Keeps secrets in the keyring of the person logged in to this computer."""

    def __init__(self, backend: KeyringBackend | None = None) -> None:
        """Use this computer's own keyring, or the one given, if it is a safe one."""
        self._backend = backend or own_keyring()
        self._where = _safe_name(self._backend)

    def get(self, name: str) -> bytes | None:
        """Return the secret of this name, or None where there is none."""
        from keyring.errors import KeyringError

        try:
            kept = self._backend.get_password(_entry(name), USER)
        except KeyringError as fault:
            raise self._unreachable(fault) from fault
        return None if kept is None else self._decode(name, kept)

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret under this name, in place of any earlier one."""
        from keyring.errors import KeyringError

        text = base64.b64encode(value).decode("ascii")
        if len(text) > LONGEST:
            raise NotPossible(
                code="secret-too-long",
                words=f"The secret {name} is {len(text)} characters long; a keyring on Windows "
                f"takes {LONGEST}.",
                remedy=INSTEAD,
            )
        try:
            self._backend.set_password(_entry(name), USER, text)
        except KeyringError as fault:
            raise self._unreachable(fault) from fault

    def delete(self, name: str) -> None:
        """Forget the secret of this name; nothing happens where there is none."""
        from keyring.errors import KeyringError

        if self.get(name) is None:
            return
        try:
            self._backend.delete_password(_entry(name), USER)
        except KeyringError as fault:
            raise self._unreachable(fault) from fault

    def describe(self) -> str:
        """Say in words where the secrets are."""
        return f"In {self._where}, unlocked when you log in to this computer"

    def _decode(self, name: str, kept: str) -> bytes:
        try:
            return base64.b64decode(kept, validate=True)
        except (binascii.Error, ValueError) as fault:
            raise NotPossible(
                code="secret-damaged",
                words=f"The secret {name} in {self._where} was changed by something else.",
                remedy="Replace this laptop's keys: an administrator retires it and enrols it "
                "anew. Your work stays.",
            ) from fault

    def _unreachable(self, fault: Exception) -> NotPossible:
        return NotPossible(
            code="keyring-unreachable",
            words=f"{self._where[0].upper()}{self._where[1:]} did not answer: "
            f"{str(fault).rstrip('.') or type(fault).__name__}.",
            remedy=f"Unlock it or log in again, then retry. {INSTEAD}",
        )


def own_keyring() -> KeyringBackend:
    """Return the keyring that comes with this system, named outright rather than searched for."""
    try:
        return _by_platform()
    except Exception as fault:
        # Each back end has errors of its own (D-Bus, ctypes, imports); all mean the same here.
        raise NotPossible(
            code="no-keyring",
            words="This computer offers no keyring to the account that is logged in.",
            remedy=INSTEAD,
        ) from fault


def _by_platform() -> KeyringBackend:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        vault = WinVaultKeyring()
        # A laptop's key must not roam to another computer with the profile.
        vault.persist = "local machine"
        return vault
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain

        return Keychain()
    from keyring.backends import SecretService, kwallet

    if SecretService.Keyring.viable:
        return SecretService.Keyring()  # type: ignore[no-untyped-call]
    _ = kwallet.DBusKeyring.priority
    return kwallet.DBusKeyring()  # type: ignore[no-untyped-call]


def _safe_name(backend: KeyringBackend) -> str:
    module = type(backend).__module__
    if module in SAFE:
        return SAFE[module]
    raise NotPossible(
        code="unsafe-keyring",
        words=f"The keyring set up on this computer ({module}) does not protect secrets: it keeps "
        "them unencrypted, or not at all.",
        remedy=f"Ask for the system's own keyring to be switched on. {INSTEAD}",
    )


def _entry(name: str) -> str:
    return f"{SERVICE}: {name}"
