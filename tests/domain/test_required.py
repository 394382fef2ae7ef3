"""Text that must be there."""

from __future__ import annotations

import pytest

from collabdesk.domain.required import required_text
from collabdesk.errors import Refusal


def test_text_is_kept_without_the_spaces_around_it() -> None:
    assert required_text(" a title ", "title", "No title.", "Give one.") == "a title"


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_blank_text_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Refusal, match="Give one") as refused:
        required_text(text, "title", "No title.", "Give one.")
    assert (refused.value.code, refused.value.field) == ("title_missing", "title")
