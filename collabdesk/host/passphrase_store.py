"""Secrets in one file sealed by a passphrase: for servers, shared virtual desktops and tests.

File: magic, work factors, salt, nonce, ciphertext, SHA-256 of all before it. The passphrase goes
through Argon2id, the secrets through XChaCha20-Poly1305 with everything before them as associated
data. The trailing sum tells a damaged file from a wrong passphrase.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError
from nacl.utils import random

from collabdesk.errors import NotPossible, Refusal
from collabdesk.host.atomic_file import write_whole

MAGIC = b"CDKEYS\x01\r\n"
SHORTEST = 12
# A file that asks for more is not ours: opening it would only keep the computer busy.
MOST_PASSES = 16
_FACTORS = struct.Struct(">IQ")
_SALT = pwhash.argon2id.SALTBYTES
_NONCE = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_KEY = bindings.crypto_aead_xchacha20poly1305_ietf_KEYBYTES
_SUM = hashlib.sha256().digest_size
_HEAD = len(MAGIC) + _FACTORS.size + _SALT


@dataclass(frozen=True, slots=True)
class Work:
    """How dear each guess at the passphrase is made: Argon2id's passes and bytes of memory."""

    passes: int = pwhash.argon2id.OPSLIMIT_MODERATE
    memory: int = pwhash.argon2id.MEMLIMIT_MODERATE


class PassphraseStore:
    """Keeps secrets in a file that only the passphrase opens."""

    def __init__(self, path: Path, head: bytes, key: bytes) -> None:
        """Hold an opened file; use `create` or `open`."""
        self._path = path
        self._head = head
        self._key = key

    @classmethod
    def create(cls, path: Path, passphrase: str, work: Work | None = None) -> PassphraseStore:
        """Seal an empty store under a new passphrase; refuse to replace an existing file."""
        if path.exists():
            raise Refusal(
                code="sealed-file-exists",
                words=f"{path} already holds sealed keys.",
                remedy="Open it with its passphrase, or choose another file.",
            )
        _require_long(passphrase)
        factors = work or Work()
        head = MAGIC + _FACTORS.pack(factors.passes, factors.memory) + random(_SALT)
        store = cls(path, head, _derive(passphrase, head))
        store._write({})
        return store

    @classmethod
    def open(cls, path: Path, passphrase: str) -> PassphraseStore:
        """Open a sealed file; a wrong passphrase and a damaged file are told apart."""
        head = _checked(path)[:_HEAD]
        store = cls(path, head, _derive(passphrase, head))
        store._read()
        return store

    def get(self, name: str) -> bytes | None:
        """Return the secret of this name, or None where there is none."""
        return self._read().get(name)

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret under this name, in place of any earlier one."""
        self._write({**self._read(), name: value})

    def delete(self, name: str) -> None:
        """Forget the secret of this name; nothing happens where there is none."""
        kept = self._read()
        if kept.pop(name, None) is not None:
            self._write(kept)

    def describe(self) -> str:
        """Say in words where the secrets are."""
        return f"In the file {self._path}, sealed by a passphrase"

    def confirm(self, passphrase: str) -> None:
        """Raise Refusal if this passphrase does not open the file; as slow as opening it."""
        if not hmac.compare_digest(_derive(passphrase, self._head), self._key):
            raise _wrong_passphrase(self._path)

    def _read(self) -> dict[str, bytes]:
        content = _checked(self._path)
        if content[:_HEAD] != self._head:
            raise _wrong_passphrase(self._path)
        nonce, sealed = content[_HEAD : _HEAD + _NONCE], content[_HEAD + _NONCE : -_SUM]
        try:
            plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed, self._head + nonce, nonce, self._key
            )
        except CryptoError as fault:
            raise _wrong_passphrase(self._path) from fault
        return {name: base64.b64decode(text) for name, text in json.loads(plain).items()}

    def _write(self, kept: dict[str, bytes]) -> None:
        listed = {name: base64.b64encode(kept[name]).decode("ascii") for name in sorted(kept)}
        nonce = random(_NONCE)
        sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            json.dumps(listed).encode(), self._head + nonce, nonce, self._key
        )
        content = self._head + nonce + sealed
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, content + hashlib.sha256(content).digest())


def _derive(passphrase: str, head: bytes) -> bytes:
    passes, memory = _FACTORS.unpack_from(head, len(MAGIC))
    # The same words typed on another keyboard may arrive composed differently.
    words = unicodedata.normalize("NFC", passphrase).encode()
    return pwhash.argon2id.kdf(_KEY, words, head[-_SALT:], opslimit=passes, memlimit=memory)


def _checked(path: Path) -> bytes:
    """Read the file and see that it is whole and asks for bearable work."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise NotPossible(
            code="sealed-file-unreadable",
            words=f"The sealed keys in {path} cannot be read: {fault.strerror or fault}.",
            remedy="Check that the file is there and that this account may read it.",
        ) from fault
    whole = len(content) >= _HEAD + _NONCE + _SUM and content.startswith(MAGIC)
    if (
        not whole
        or hashlib.sha256(content[:-_SUM]).digest() != content[-_SUM:]
        or _unbearable(content)
    ):
        raise NotPossible(
            code="sealed-file-damaged",
            words=f"The file {path} is damaged, so its keys cannot be opened. Nothing was changed.",
            remedy="Put back a copy of it from before; without one, an administrator retires this "
            "laptop and enrols it anew. Your work stays.",
        )
    return content


def _unbearable(content: bytes) -> bool:
    passes, memory = _FACTORS.unpack_from(content, len(MAGIC))
    low, high = pwhash.argon2id.MEMLIMIT_MIN, pwhash.argon2id.MEMLIMIT_SENSITIVE
    return not (1 <= passes <= MOST_PASSES and low <= memory <= high)


def _require_long(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise Refusal(
            code="passphrase-too-short",
            words=f"The passphrase has {len(passphrase)} characters; "
            f"at least {SHORTEST} are needed.",
            remedy="Four or five unrelated words make a good one.",
            field="passphrase",
        )


def _wrong_passphrase(path: Path) -> Refusal:
    return Refusal(
        code="wrong-passphrase",
        words=f"That passphrase does not open {path}.",
        remedy="Check capital letters and the keyboard's language, and try again.",
        field="passphrase",
    )
