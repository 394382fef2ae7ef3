"""What `make test-office` needs, and that LibreOffice alone can agree with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.exchange.ledger_workbook import workbook_of
from tests.office.__main__ import NEEDS, figures, main, without_values
from tests.support.ledger_years import generated


def test_it_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main() == 1
    assert NEEDS in capsys.readouterr().err


def test_no_value_of_ours_is_left_for_libreoffice_to_repeat() -> None:
    content = workbook_of(generated(1, 1, 3))
    bare = without_values(content)
    assert any(figures(content, content).values())
    assert not any(figures(content, bare).values())
