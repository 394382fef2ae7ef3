"""Files of worked cases are run through the installed code and reported in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collabdesk.services.validation import TOPICS, Verdict, passed, run_files

FIXTURES = Path(__file__).parent.parent / "data" / "fixtures"
FINANCE = {f"FIN-{n:02}" for n in range(1, 40)} | {"REAL-01", "REAL-03", "REAL-04"}


def write(folder: Path, held: object, name: str = "cases.json") -> Path:
    path = folder / name
    path.write_text(held if isinstance(held, str) else json.dumps(held), "utf-8")
    return path


def worked(*cases: dict[str, Any], tolerance: float = 0) -> dict[str, Any]:
    return {"schema": "collabdesk-cases/1", "tolerance": tolerance, "cases": list(cases)}


def tie(expected: object, **more: object) -> dict[str, Any]:
    given = {"total_p": 100, "weights": [1, 1, 1]}
    return {"id": "T-1", "topic": "tie_break", "inputs": given, "expected": expected, **more}


@pytest.mark.parametrize(
    ("name", "agree", "aside"),
    [
        ("ptd_xmr", 39, 2),
        ("run", 19, 2),
        ("anhoej_critical_values", 300, 0),
        ("proportion_wilson", 34, 0),
    ],
)
def test_every_reference_result_of_a_method_is_met(name: str, agree: int, aside: int) -> None:
    (report,) = run_files([FIXTURES / f"{name}.json"])
    assert passed([report])
    assert len(report.named(Verdict.AGREE)) == agree
    assert len(report.named(Verdict.SET_ASIDE)) == aside


def test_every_finance_rule_is_met_to_the_penny() -> None:
    # The published files that REAL cases name lie under tests/data/finance.
    (report,) = run_files([FIXTURES / "finance.json"], FIXTURES.parent.parent)
    assert {result.name for result in report.named(Verdict.AGREE)} >= FINANCE


def test_an_ill_formed_case_is_told_by_its_name_and_the_others_are_run(tmp_path: Path) -> None:
    cases: list[Any] = [
        tie({"zero": [0, 0, 0]}),
        tie({}) | {"inputs": None},
        tie({}) | {"id": "T-2", "inputs": {"weights": [1]}},
        tie({}) | {"id": "T-3", "inputs": {"total_p": True, "weights": [1]}},
        tie({}) | {"id": "T-4", "inputs": {"total_p": "12", "weights": [1]}},
        None,
    ]
    (report,) = run_files([write(tmp_path, worked(*cases))])
    assert len(report.named(Verdict.AGREE)) == 1
    told = [(one.name, one.differences[0]) for one in report.named(Verdict.DIFFER)]
    assert told == [
        ("T-1", "cannot be run: it has no id, topic, inputs or expected"),
        ("T-2", "could not be computed: total_p is missing"),
        ("T-3", "total_p is true, where whole pence belong"),
        ("T-4", 'total_p is "12", where whole pence belong'),
        ("case 6", "cannot be run: it has no id, topic, inputs or expected"),
    ]


def test_a_topic_that_no_rule_answers_is_named(tmp_path: Path) -> None:
    unknown = tie({}) | {"id": "T-2", "topic": "unheard_of"}
    (report,) = run_files([write(tmp_path, worked(tie({"zero": [0, 0, 0]}), unknown))])
    assert not passed([report])
    assert passed([report], allow_uncovered=True)
    assert report.words[1] == "  not covered: T-2 unheard_of"


def answers(topic: str, inputs: dict[str, Any], **expected: object) -> dict[str, Any]:
    return {"id": "T-3", "topic": topic, "inputs": inputs, "expected": expected}


@pytest.mark.parametrize(
    "case",
    [
        answers(
            "price_change_mid_spell",
            {
                "admitted": "2025-05-01",
                "discharged": "2025-05-04",
                "prices": [{"from_": "2025-04-01", "price_p": 10}],
            },
            obd_before=0,
            obd_after=3,
            cost_p=30,
        ),
        answers(
            "price_change_mid_spell",
            {
                "admitted": "2025-05-01",
                "discharged": "2025-05-04",
                "prices": [
                    {"from_": "2025-05-04", "price_p": 99},
                    {"from_": "2025-04-01", "price_p": 10},
                ],
            },
            obd_before=3,
            obd_after=0,
            cost_p=30,
        ),
        answers(
            "price_change_mid_spell",
            {
                "admitted": "2025-05-01",
                "discharged": "2025-05-04",
                "prices": [{"from_": "2025-05-02", "price_p": 10}],
            },
            error="no_price_in_force",
        ),
        answers(
            "forecast_methods",
            {
                "month": 1,
                "ytd_actual_p": [30],
                "annual_budget_p": 365,
                "budget_phasing": "calendar",
                "one_off_in_ytd_p": 0,
                "manual_remaining_p": [1] * 11,
            },
            ytd_budget_p=30,
            straight_line_days_p=365,
            last3_run_rate_p=360,
        ),
        answers(
            "gain_share_collar_cap",
            {
                "envelope_p": 1,
                "underspend_p": 1,
                "collar_pct": "0",
                "cap_pct": "1",
                "shares_bp": [9_999],
            },
            error="shares_must_total_10000bp",
        ),
        answers(
            "closed_period_correction",
            {"m12_posted_p": 5, "m12_true_p": 6, "closed_through": 12, "found_in": 12},
            error="month_not_open",
        ),
        answers(
            "phasing_working_days",
            {"annual_p": 261, "fy": "2025/26", "bank_holidays": []},
            working_days=261,
            months_p=[22, 22, 21, 23, 21, 22, 23, 20, 23, 22, 20, 22],
        ),
        answers(
            "period_states",
            {"transitions": [["open", "closed"], ["closed", "open"], ["open", "soft_closed"]]},
            allowed=[False, False, True],
        ),
    ],
)
def test_finance_cases_with_other_inputs_follow_the_same_rules(
    case: dict[str, Any], tmp_path: Path
) -> None:
    (report,) = run_files([write(tmp_path, worked(case))])
    assert passed([report]), report.words


@pytest.mark.parametrize(
    ("topic", "inputs"),
    [
        (
            "forecast_methods",
            {
                "month": 2,
                "ytd_actual_p": [1],
                "annual_budget_p": 12,
                "budget_phasing": "equal",
                "one_off_in_ytd_p": 0,
                "manual_remaining_p": [1] * 11,
            },
        ),
        (
            "full_and_part_year_effect",
            {
                "full_year_p": 1,
                "start": "2025-11-10",
                "planned_start": "2025-11-10",
                "fy_end": "2026-03-30",
            },
        ),
    ],
)
def test_a_case_whose_inputs_contradict_each_other_is_not_answered(
    topic: str, inputs: dict[str, Any], tmp_path: Path
) -> None:
    (report,) = run_files([write(tmp_path, worked(answers(topic, inputs)))])
    (result,) = report.results
    assert result.differences[0].startswith("could not be computed")


@pytest.mark.parametrize("name", ["finance", "ptd_xmr", "run", "proportion_wilson"])
def test_any_number_changed_in_a_covered_case_is_noticed(name: str, tmp_path: Path) -> None:
    held = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    for case in held["cases"]:
        case["expected"] = shifted(case["expected"])
    (report,) = run_files([write(tmp_path, held)], FIXTURES.parent.parent)
    assert not report.named(Verdict.AGREE)


def shifted(value: Any) -> Any:  # noqa: ANN401 - whatever a file may hold
    if isinstance(value, dict):
        return {key: shifted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shifted(each) for each in value]
    if isinstance(value, bool) or value is None:
        return not value
    return value + 1 if isinstance(value, (int, float)) else value + "?"


def test_a_difference_is_named_with_both_values(tmp_path: Path) -> None:
    expected = {"parts_p": [33, 34, 33], "minus": [1], "other": 1, "note_x": 5, "zero": None}
    (report,) = run_files([write(tmp_path, worked(tie(expected)))])
    assert report.words == (
        f"{report.path}: 0 agree, 1 differ, 0 not covered",
        "  differs: T-1 tie_break: parts_p[0] is 34, expected 33",
        "  differs: T-1 tie_break: parts_p[1] is 33, expected 34",
        "  differs: T-1 tie_break: minus has 3 values, expected 1",
        "  differs: T-1 tie_break: other is not computed",
        "  differs: T-1 tie_break: zero is [0, 0, 0], expected None",
    )
    assert not passed([report], allow_uncovered=True)


def test_an_unexpected_refusal_and_a_case_without_its_inputs_differ(tmp_path: Path) -> None:
    refused = tie({"parts_p": []}) | {"inputs": {"total_p": 1, "weights": []}}
    empty = tie({"parts_p": []}) | {"inputs": {}}
    (report,) = run_files([write(tmp_path, worked(refused, empty))])
    one, other = report.named(Verdict.DIFFER)
    assert one.differences[0].startswith("refused (no_weights)")
    assert other.differences[0].startswith("could not be computed: ")


@pytest.mark.parametrize(
    ("weights", "error", "verdict"),
    [
        ([], "no_weights", Verdict.AGREE),
        ([], "negative_weight", Verdict.DIFFER),
        ([], "the words of another package", Verdict.AGREE),
        ([1], "no_weights", Verdict.DIFFER),
    ],
)
def test_an_expected_error_is_a_refusal_with_its_code(
    weights: list[int], error: str, verdict: Verdict, tmp_path: Path
) -> None:
    case = tie({"error": error}) | {"inputs": {"total_p": 1, "weights": weights}}
    (report,) = run_files([write(tmp_path, worked(case))])
    assert [result.verdict for result in report.results] == [verdict]


@pytest.mark.parametrize("tag", ["float_edge", "quirk", "oracle_crash", "optional"])
def test_arguable_cases_are_reported_apart_and_never_fail(tag: str, tmp_path: Path) -> None:
    differing = tie({"zero": [1]}, tags=[tag])
    unknown = tie({}, tags=[tag]) | {"id": "T-2", "topic": "unheard_of"}
    (report,) = run_files([write(tmp_path, worked(differing, unknown))])
    assert passed([report])
    assert report.words[1] == "  set aside by their tags: 2, of which 1 differ: T-1"


def test_duplicate_dates_agree_with_an_expected_error(tmp_path: Path) -> None:
    case = {
        "id": "ptd-x",
        "tags": ["expect_error"],
        "input": {"dates": ["2026-04-01", "2026-04-01"], "values": [1, 2]},
        "options": None,
        "expected": {"error": "duplicate rows found"},
    }
    held = {"schema": "collabdesk-spc-oracle/1", "kind": "ptd_xmr", "cases": [case]}
    (report,) = run_files([write(tmp_path, held)])
    assert passed([report])


def test_a_run_chart_of_another_method_is_not_answered(tmp_path: Path) -> None:
    case = {
        "id": "run-x",
        "input": {"x": [3, 1, 2, 4], "y": [1, 0, 1, None], "n": [2, 0, 0, None]},
        "options": {"runs_method": "cutbox"},
        "expected": {"x": [1, 2, 3, 4], "y": [None, "Infinity", 0.5, None], "n": [0, 0, 2, None]},
    }
    plain = case | {"id": "run-y", "options": {}}
    held = {"schema": "collabdesk-spc-oracle/1", "kind": "run", "cases": [case, plain]}
    (report,) = run_files([write(tmp_path, held)])
    assert [result.verdict for result in report.results] == [Verdict.DIFFER, Verdict.AGREE]


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ("{", "not JSON"),
        ("[NaN]", "NaN is not a number"),
        ("[" * 100_000, "not JSON"),
        ([1], "no layout"),
        ({"schema": "collabdesk-cases/2", "cases": []}, "no layout"),
        ({"schema": "collabdesk-cases/1"}, "does not follow"),
        ({"schema": "collabdesk-cases/1", "cases": 3}, "does not follow"),
        ({"schema": "collabdesk-spc-oracle-table/1", "kind": "x", "columns": {}}, "follow"),
        (
            {
                "schema": "collabdesk-spc-oracle-table/1",
                "kind": "x",
                "columns": {"a": [1], "b": []},
            },
            "follow",
        ),
    ],
)
def test_a_file_that_is_no_file_of_cases_is_reported_and_the_others_are_run(
    held: object, why: str, tmp_path: Path
) -> None:
    bad, good = run_files([write(tmp_path, held), FIXTURES / "proportion_wilson.json"])
    assert bad.problem is not None
    assert why in bad.problem.words
    assert "collabdesk-cases/1" in bad.problem.remedy
    assert bad.words == (f"{bad.path}: {bad.problem}",)
    assert not passed([bad], allow_uncovered=True)
    assert passed([good])


def test_a_file_that_is_not_there_and_one_in_another_encoding_are_reported(tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes('{"schema": "£"}'.encode("cp1252"))
    missing, other = run_files([tmp_path / "none.json", latin])
    assert "cannot be opened" in str(missing.problem)
    assert "not JSON text" in str(other.problem)


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(worked(tie({"zero": [0, 0, 0]}))), "utf-8-sig")
    assert passed(run_files([path]))


def test_the_report_for_machines_leaves_out_what_agrees(tmp_path: Path) -> None:
    (report,) = run_files([write(tmp_path, worked(tie({"zero": [0, 0, 0]}), tie({"zero": [1]})))])
    plain = report.plain
    assert (plain["agree"], plain["differ"], plain["problem"]) == (1, 1, None)
    assert plain["cases"] == [
        {
            "id": "T-1",
            "topic": "tie_break",
            "verdict": "differ",
            "differences": ["zero has 3 values, expected 1"],
        }
    ]
    assert json.loads(json.dumps(plain)) == plain


def test_whole_numbers_are_exact_and_others_near(tmp_path: Path) -> None:
    def case(value: object) -> dict[str, Any]:
        given = {"x": 1, "n": 4, "confidence": 0.95, "multiplier": 100}
        return {"id": "W", "topic": "proportion_wilson", "inputs": given, "expected": value}

    held = worked(
        case({"value": 25}),
        case({"value": 25.00000001}),
        case({"value": 25.1}),
        case({"value": True}),
        case({"value": "25"}),
        tolerance=1e-9,
    )
    (report,) = run_files([write(tmp_path, held)])
    verdicts = [result.verdict for result in report.results]
    assert verdicts == [Verdict.AGREE, Verdict.AGREE, *[Verdict.DIFFER] * 3]


def test_every_topic_is_answered_by_a_function_with_words() -> None:
    assert all(answer.__doc__ for answer in TOPICS.values())
