"""Eight words stand for 88 bits, and survive being typed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.errors import Refusal
from collabdesk.sync import names, words

DIGESTS = st.binary(min_size=32, max_size=32)
GOLDEN = ("first", "stove", "avocado", "sure", "crush", "harvest", "canyon", "broken")
DEVHASH = bytes.fromhex("577ad43fed0350d2c870e4350970e01dd0a419cfd3b002b5f9ae2eae65a44790")


def test_the_golden_laptop_has_these_words() -> None:
    assert words.words_of(DEVHASH) == GOLDEN
    assert words.search_name(GOLDEN) == "k55nip7naninfsdq4"


@given(DIGESTS)
def test_words_give_back_their_bits(digest: bytes) -> None:
    spoken = words.words_of(digest)
    assert words.bits_of(spoken) == digest[:11]
    assert names.first26(digest).startswith(words.search_name(spoken))
    assert words.matches(spoken, digest)


@given(DIGESTS, DIGESTS)
def test_words_match_on_all_88_bits(one: bytes, other: bytes) -> None:
    assert words.matches(words.words_of(one), other) == (one[:11] == other[:11])


@given(DIGESTS, st.sampled_from([" ", "  ", "\n", ", ", "-", " · "]))
def test_typed_words_may_be_short_loud_and_apart(digest: bytes, between: str) -> None:
    spoken = words.words_of(digest)
    typed = between.join(word[:4].upper() for word in spoken)
    assert words.parse_words(f"  {typed}. ") == spoken


@pytest.mark.parametrize("wrong", ["zzzz", "fir", "firstt", "firss", "avocadoes"])
def test_a_wrong_word_is_named_with_its_place(wrong: str) -> None:
    with pytest.raises(Refusal, match=f"Word 3, “{wrong}”, is not in the word list") as caught:
        words.parse_words(" ".join([*GOLDEN[:2], wrong, *GOLDEN[3:]]))
    assert (caught.value.code, caught.value.field) == ("unknown-word", "words")


@pytest.mark.parametrize("count", [0, 7, 9])
def test_eight_words_are_asked_for(count: int) -> None:
    with pytest.raises(Refusal, match=f"{count} words were typed; there are 8") as caught:
        words.parse_words(" ".join(["first"] * count))
    assert caught.value.remedy
