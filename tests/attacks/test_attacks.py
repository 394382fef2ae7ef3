"""Every attack of the catalogue, through the engine and through the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attacks_page
import pytest

from tests.attacks.catalogue import ROWS, catalogue
from tests.attacks.doors import CommandLine, Outcome, by_command_line, by_engine
from tests.attacks.steps import Steps
from tests.attacks.world import PARTNERS, Template, World, found

CASES = [pytest.param(case, id=case["title"].replace(" ", "-")[:60]) for case in catalogue()]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """Found each kind of world once."""
    folder = tmp_path_factory.mktemp("worlds")
    return {kind: found(folder / str(number), kind) for number, kind in enumerate(PARTNERS)}


@pytest.fixture
def world(case: dict[str, Any], templates: dict[str, Template], tmp_path: Path) -> World:
    """Let the attacker do what the case says."""
    made = templates[case.get("world", "three trusts")].copy_to(tmp_path / "world")
    Steps(made).play(case["steps"])
    return made


@pytest.mark.parametrize("case", CASES)
def test_the_engine_judges_an_attack_as_the_catalogue_says(
    case: dict[str, Any], world: World
) -> None:
    outcome = by_engine(world, case)
    assert {name: outcome.verdicts[name] for name in case.get("verdicts", {})} == case.get(
        "verdicts", {}
    )
    for name, number in case.get("verdicts_all", {}).items():
        assert set(outcome.verdicts[name]) == {number}
    for name, counts in case.get("counts_approvals", {}).items():
        assert outcome.approvals[name] is counts
    assert {name: outcome.records[name] for name in case.get("records", {})} == case.get(
        "records", {}
    )
    assert sorted(outcome.refused) == sorted(case.get("refused", []))
    assert outcome.refusal == case.get("refusal", "")
    check_both(case, outcome)


@pytest.mark.parametrize("case", CASES)
def test_the_command_line_shows_an_attack_as_the_catalogue_says(
    case: dict[str, Any],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outcome = by_command_line(CommandLine(world, monkeypatch, capsys), case)
    assert len(outcome.refused) == len(case.get("refused", []))
    assert bool(outcome.refusal) == bool(case.get("refusal"))
    check_both(case, outcome)


def check_both(case: dict[str, Any], outcome: Outcome) -> None:
    """Check what both doors show: what is set aside, alarms, figures and the sentence."""
    judged = [v for verdicts in case.get("verdicts", {}).values() for v in verdicts]
    aside = {number for number in judged if isinstance(number, int) and number}
    assert outcome.aside == set(case.get("aside", aside))
    assert outcome.alarms == sorted(case.get("alarms", []))
    assert outcome.contested == case.get("contested", False)
    assert outcome.figures_changed == case.get("figures_change", False)
    if case["shown"] != "inspect" or "inspect" in outcome.said:
        assert case["sentence"] in outcome.said[case["shown"]]


def test_every_row_of_the_design_is_in_the_catalogue() -> None:
    rows = {row for case in catalogue() for row in case.get("rows", [])}
    assert rows == set(range(1, ROWS + 1))


def test_the_catalogue_holds_at_least_a_hundred_different_attacks() -> None:
    titles = [case["title"] for case in catalogue()]
    assert len(set(titles)) == len(titles) >= 100
    stories = {repr((c.get("world"), c["steps"], c.get("does"))) for c in catalogue()}
    assert len(stories) == len(titles)


def test_the_page_says_what_the_catalogue_says() -> None:
    assert attacks_page.PAGE.read_text("utf-8") == attacks_page.page(), "run: make docs"
