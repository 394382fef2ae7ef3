"""What a command decides, as values."""

from __future__ import annotations

from collabdesk.domain.changes import Sealed


def test_a_sealed_value_says_that_it_is_there_and_not_what_it_is() -> None:
    assert str(Sealed(b"\x01ciphertext")) == "a confidential value"
