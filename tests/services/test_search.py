from __future__ import annotations

import pytest

from collabdesk.services.search import LIMIT, find
from collabdesk.services.workspace import Workspace


def test_records_are_found_by_their_words_in_any_capitals(sample_workspace: Workspace) -> None:
    found = sample_workspace.query(find, "LOW sec")
    assert ("Low secure", "Service line", "budgets") in {(f.title, f.where, f.page) for f in found}
    assert any(f.page == "improvement" for f in sample_workspace.query(find, "CAMHS"))


@pytest.mark.parametrize("typed", ["", "a", "%%", "__", "\\\\", "no such words"])
def test_signs_of_the_query_language_are_plain_text(
    sample_workspace: Workspace, typed: str
) -> None:
    assert sample_workspace.query(find, typed) == ()


def test_no_more_is_found_than_fits(sample_workspace: Workspace) -> None:
    assert len(sample_workspace.query(find, "re")) <= LIMIT
