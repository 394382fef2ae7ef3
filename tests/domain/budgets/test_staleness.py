"""An approval holds for what was signed."""

from __future__ import annotations

import pytest

from collabdesk.domain.budgets.staleness import check_current, why_void
from collabdesk.errors import Refusal


def test_an_edit_voids_an_approval() -> None:
    """FIN-31."""
    assert why_void("h1", "h2") == "content_hash_changed"
    assert why_void("h1", "h1") == ""


def test_an_approval_of_other_content_is_refused_in_words() -> None:
    check_current("The virement of £10.00", "h1", "h1")
    with pytest.raises(Refusal) as refused:
        check_current("The virement of £10.00", "h1", "h2")
    assert refused.value.code == "content_hash_changed"
    assert refused.value.words == "The virement of £10.00 was changed after it was approved."
    assert refused.value.remedy
