"""A laptop's two seeds and its anchor, kept outside the workspace by a key store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from collabdesk.errors import NotPossible
from collabdesk.host.key_store import KeyStore
from collabdesk.sync.names import dev26, ws26

_SEED: Final = 32


@dataclass(frozen=True, slots=True)
class LaptopKeys:
    """The signing key and the sealing key of a laptop."""

    signing: SigningKey
    sealing: PrivateKey

    @property
    def public(self) -> bytes:
        """The public signing key: the laptop's name."""
        return bytes(self.signing.verify_key)

    @property
    def seal_public(self) -> bytes:
        """The public key that restricted values are sealed to."""
        return bytes(self.sealing.public_key)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest change set this laptop signed, as the key store remembers it."""

    seq: int
    id: bytes


def make_keys() -> LaptopKeys:
    """Return fresh keys."""
    return LaptopKeys(SigningKey.generate(), PrivateKey.generate())


class KeyLost(NotPossible):
    """The key store holds no signing key for this laptop; everything can still be read."""


class LaptopSecrets:
    """Reads and writes one laptop's secrets of one workspace."""

    def __init__(self, store: KeyStore, workspace: bytes, key: bytes) -> None:
        """Work under names that belong to this workspace and laptop alone."""
        self._store = store
        self._name = f"{ws26(workspace)}.{dev26(key)}"

    @property
    def store(self) -> KeyStore:
        """The key store, for whoever asks the person to prove again who they are."""
        return self._store

    def successor(self, workspace: bytes, keys: LaptopKeys) -> LaptopSecrets:
        """Keep fresh keys beside these, and return where they are."""
        fresh = LaptopSecrets(self._store, workspace, keys.public)
        fresh.keep(keys)
        return fresh

    def keep(self, keys: LaptopKeys) -> None:
        """Keep the two seeds."""
        self._store.put(f"{self._name}.seeds", bytes(keys.signing) + bytes(keys.sealing))

    def keys(self) -> LaptopKeys:
        """Return the keys; NotPossible where the key store no longer has them."""
        seeds = self._store.get(f"{self._name}.seeds")
        if seeds is None or len(seeds) != 2 * _SEED:
            raise KeyLost(
                code="key-lost",
                words="The signing key of this laptop is not in its key store.",
                remedy="You can still read everything. Ask the administrator to enrol this "
                "laptop again; nothing already shared is lost.",
            )
        return LaptopKeys(SigningKey(seeds[:_SEED]), PrivateKey(seeds[_SEED:]))

    def anchor(self) -> Anchor | None:
        """Return the newest change set signed, or None before the first."""
        kept = self._store.get(f"{self._name}.anchor")
        return None if kept is None else Anchor(int.from_bytes(kept[:8], "big"), kept[8:])

    def raise_anchor(self, seq: int, segment_id: bytes) -> None:
        """Remember a newer change set; an older one changes nothing."""
        present = self.anchor()
        if present is None or seq > present.seq:
            self._store.put(f"{self._name}.anchor", seq.to_bytes(8, "big") + segment_id)
