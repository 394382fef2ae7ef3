"""What benchmarks found is shown, and kept in a page section by section."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import table
from benchmarks.__main__ import NAMES, main
from benchmarks.table import Line, Report, at_least, at_most, write

GOOD = Report("Something", [at_least("ratio", 0.9, 0.5)], "How.")
BAD = Report("Something", [at_most("ratio", 5.0, 4.0, note="The disk is slow.")])


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(table, "PAGE", tmp_path / "benchmarks.md")
    return tmp_path / "benchmarks.md"


def test_a_section_is_renewed_and_the_others_stay(page: Path) -> None:
    write("one", GOOD, full=False)
    write("other", BAD, full=True)
    write("one", Report("Renewed", [Line("figure", "7")]), full=True)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks")
    assert "## Renewed" in text
    assert "| ratio | 5.00 | at most 4 | MISSED |" in text
    assert "- *ratio*: The disk is slow." in text
    assert text.count("<!-- one -->") == 1
    assert "0.90" not in text


def test_a_report_is_shown_with_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    BAD.show()
    shown = capsys.readouterr().out
    assert "at most 4: MISSED" in shown
    assert "The disk is slow." in shown
    assert not BAD.met
    assert GOOD.met


def test_every_benchmark_named_is_there_and_no_other_is_taken() -> None:
    folder = Path(table.__file__).parent
    assert [name for name in NAMES if not (folder / f"{name}.py").exists()] == []
    with pytest.raises(SystemExit):
        main(["no_such_benchmark"])
