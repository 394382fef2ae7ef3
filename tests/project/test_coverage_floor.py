"""The coverage floors refuse what they must."""

from __future__ import annotations

from typing import Any

from tests.coverage_floor import judge


def measured(covered: int, of: int, taken: int = 0, arms: int = 0) -> dict[str, Any]:
    return {
        "summary": {
            "covered_lines": covered,
            "num_statements": of,
            "covered_branches": taken,
            "num_branches": arms,
        },
        "missing_lines": list(range(of - covered)),
        "missing_branches": [[1, 2]] * (arms - taken),
    }


def report(domain: dict[str, Any], sync: dict[str, Any]) -> dict[str, Any]:
    return {"files": {"collabdesk/domain/money.py": domain, "collabdesk/sync/codec.py": sync}}


def test_full_domain_and_nine_tenths_of_sync_pass() -> None:
    kept, said = judge(report(measured(10, 10, 4, 4), measured(8, 8, 1, 2)))
    assert kept
    assert len(said) == 2


def test_one_branch_missing_in_the_domain_fails_and_is_named() -> None:
    kept, said = judge(report(measured(10, 10, 3, 4), measured(10, 10)))
    assert not kept
    assert any("collabdesk/domain/money.py" in row for row in said)


def test_sync_below_nine_tenths_fails() -> None:
    assert not judge(report(measured(10, 10), measured(89, 100)))[0]


def test_a_floor_that_was_not_measured_fails() -> None:
    assert not judge({"files": {}})[0]
