"""The printed recovery key: one secret on paper, from which an organisation can sign again.

It is made once, shown once and kept nowhere. Twenty-four words stand for 256 bits, from
which its signing and its sealing seed follow; each row of four words bears two digits
that tell which row was mistyped.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from mnemonic import Mnemonic
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from collabdesk.errors import Refusal
from collabdesk.services.membership import Recovery
from collabdesk.sync.hashing import H

SECRET: Final = 32
WORDS: Final = 24
ROW: Final = 4
ROWS: Final = WORDS // ROW
_PREFIX: Final = 4
_CHECK: Final = 97
_DIGITS: Final = 2
_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+")
_REMEDY: Final = "Compare it with the printed sheet and type it again."


@dataclass(frozen=True)
class RecoveryKey:
    """The secret of a printed recovery key, in memory only."""

    secret: bytes

    @cached_property
    def signing(self) -> SigningKey:
        """The key it signs with."""
        return SigningKey(H("collabdesk/recovery-sign/1", self.secret))

    @cached_property
    def sealing(self) -> PrivateKey:
        """The key it opens confidential figures with."""
        return PrivateKey(H("collabdesk/recovery-seal/1", self.secret))

    @property
    def public(self) -> bytes:
        """The public signing key."""
        return bytes(self.signing.verify_key)

    @property
    def seal_public(self) -> bytes:
        """The public key that confidential figures are sealed to."""
        return bytes(self.sealing.public_key)

    @property
    def listed(self) -> Recovery:
        """The public half: what its organisation's list names."""
        return Recovery(self.public, self.seal_public)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The twenty-four words."""
        return tuple(_words().to_mnemonic(self.secret).split(" "))

    @property
    def rows(self) -> tuple[str, ...]:
        """The six rows as they are printed: number, four words, two check digits."""
        return tuple(
            f"{number}. {' '.join(row)} {check_digits(number, row)}"
            for number, row in enumerate(_rows(self.words), start=1)
        )


def make_recovery_key() -> RecoveryKey:
    """Return a fresh recovery key, to be printed before anything else happens."""
    return RecoveryKey(secrets.token_bytes(SECRET))


def read_recovery_key(typed: str) -> RecoveryKey:
    """Return the key whose rows were typed; Refusal names the row that is wrong.

    Row numbers and check digits may be left out; four letters of each word suffice.
    """
    tokens = _TOKEN.findall(typed.casefold())
    words = [token for token in tokens if token.isalpha()]
    if len(words) != WORDS:
        raise Refusal(
            code="word-count",
            words=f"{len(words)} words were typed; a recovery key has {WORDS}.",
            remedy=_REMEDY,
            field="recovery",
        )
    full = [_complete(at, word) for at, word in enumerate(words)]
    _check_rows(full, tokens)
    if not _words().check(" ".join(full)):
        raise Refusal(
            code="wrong-words",
            words="These words do not belong together: one of them is another on the sheet.",
            remedy=_REMEDY,
            field="recovery",
        )
    return RecoveryKey(bytes(_words().to_entropy(full)))


def check_digits(number: int, row: Sequence[str]) -> str:
    """Return the two digits printed after a row."""
    digest = hashlib.sha256(f"{number} {' '.join(row)}".encode()).digest()
    return f"{int.from_bytes(digest[:4], 'big') % _CHECK:02d}"


def _check_rows(words: Sequence[str], tokens: Sequence[str]) -> None:
    typed = _typed_checks(tokens)
    for number, row in enumerate(_rows(words), start=1):
        check = typed.get(number)
        if check is not None and check != check_digits(number, row):
            raise Refusal(
                code="wrong-row",
                words=f"Row {number} does not agree with its check digits.",
                remedy=_REMEDY,
                field="recovery",
            )


def _typed_checks(tokens: Sequence[str]) -> dict[int, str]:
    """Return the digits typed right after each whole row; a row's number comes before it."""
    found: dict[int, str] = {}
    words = 0
    fresh = False
    for token in tokens:
        if token.isalpha():
            words += 1
            fresh = words % ROW == 0
        elif fresh and len(token) == _DIGITS:
            found[words // ROW] = token
            fresh = False
    return found


def _rows(words: Sequence[str]) -> list[Sequence[str]]:
    return [words[at : at + ROW] for at in range(0, WORDS, ROW)]


def _complete(at: int, word: str) -> str:
    row, place = divmod(at, ROW)
    found = [known for known in _words().wordlist if known.startswith(word[:_PREFIX])]
    exact = [known for known in found if known == word]
    fits = exact or [known for known in found if known.startswith(word)]
    if len(fits) != 1:
        raise Refusal(
            code="unknown-word",
            words=f"Word {place + 1} of row {row + 1}, “{word}”, is not in the word list.",
            remedy=_REMEDY,
            field="recovery",
        )
    return str(fits[0])


@cache
def _words() -> Mnemonic:
    return Mnemonic("english")
