"""The port through which this laptop's secrets are kept."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class KeyStore(Protocol):
    """Keeps small secrets (seeds of keys, an anchor) by name, outside the workspace."""

    def get(self, name: str) -> bytes | None:
        """Return the secret of this name, or None where there is none."""

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret under this name, in place of any earlier one."""

    def delete(self, name: str) -> None:
        """Forget the secret of this name; nothing happens where there is none."""

    def describe(self) -> str:
        """Say in words where the secrets are, for Settings and the audit report."""


@runtime_checkable
class Sealed(Protocol):
    """A key store that a passphrase opens: it can say whether the right one was typed again."""

    def confirm(self, passphrase: str) -> None:
        """Raise Refusal if this passphrase does not open it."""
