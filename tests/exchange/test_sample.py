from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.exchange.sample import read_sample
from collabdesk.exchange.sample_content import Sample
from collabdesk.sync.registry import improvement, metrics, pilots
from collabdesk.sync.registry.budgets import planning
from collabdesk.sync.registry.model import Members

NAME = "east-midlands.toml"


@pytest.fixture(scope="module")
def content(resources: Path) -> bytes:
    return (resources / "samples" / NAME).read_bytes()


@pytest.fixture(scope="module")
def sample(content: bytes) -> Sample:
    return read_sample(content)


def test_the_sample_says_that_it_is_invented(sample: Sample) -> None:
    assert sample.banner == "Sample: figures invented"
    assert {partner.code for partner in sample.partners} == {"RHA", "RP1", "RP7", "RT5", "RXM"}
    assert [partner.part for partner in sample.partners].count("lead") == 1


def test_the_budget_fits_its_envelope_and_no_two_amounts_are_equal(sample: Sample) -> None:
    budget = sample.budget
    amounts = [amount.amount_p for line in budget.lines for amount in line.plan]
    assert budget.envelope_p == 9_265_000_000
    assert budget.planned_p == sum(amounts) == 9_156_018_125
    contingency = budget.envelope_p // 200
    assert budget.envelope_p - budget.planned_p - contingency == 62_656_875
    assert len(set(amounts)) == len(amounts)
    assert {line.profile for line in budget.lines if line.plan} == {"equal", "working_days"}


def test_the_project_has_two_years_of_months(sample: Sample) -> None:
    points = sample.project.measure.points
    assert len(points) == 24
    assert (points[0].period_start, points[-1].period_start) == (
        dt.date(2024, 11, 1),
        dt.date(2026, 10, 1),
    )
    assert all(cycle.prediction and cycle.study for cycle in sample.project.cycles)
    assert {cycle.decision for cycle in sample.project.cycles} == {"adapt", "adopt"}


def test_the_last_ten_months_lie_below_the_median_after_the_second_cycle(sample: Sample) -> None:
    values = [int(point.value) for point in sample.project.measure.points]
    median = sorted(values)[11:13]
    assert all(value < median[0] for value in values[-10:])
    assert sample.project.measure.points[-10].period_start <= sample.project.cycles[1].start
    assert values[-11] > median[1]


def members_of(enumeration: Members) -> set[str]:
    return {name for _, name, _ in enumeration.members}


def test_every_choice_is_one_the_workspace_knows(sample: Sample) -> None:
    project = sample.project
    figures = [f for programme in sample.programmes for f in programme.figures]
    chosen = {
        planning.RECURRENCE: {m.recurrence for m in sample.budget.moves}
        | {sample.virement.recurrence},
        planning.PROFILE: {line.profile for line in sample.budget.lines if line.plan},
        planning.SERVICE_KIND: {line.kind for line in sample.budget.lines},
        improvement.DRIVER_KIND: {driver.kind for driver in project.drivers},
        improvement.IDEA_STATUS: {d.idea_status for d in project.drivers if d.idea_status},
        improvement.DECISION: {cycle.decision for cycle in project.cycles},
        improvement.SCALE: {cycle.scale for cycle in project.cycles},
        improvement.CYCLE_STATUS: {cycle.status for cycle in project.cycles},
        improvement.MEASURE_KIND: {project.measure.kind},
        improvement.VALUE_KIND: {project.measure.value_kind},
        improvement.DIRECTION: {project.measure.direction},
        metrics.STANDARD_KIND: {standard.kind for standard in sample.standards},
        pilots.PROGRAMME_KIND: {programme.kind for programme in sample.programmes},
        pilots.PILOT_STATE: {p.state for programme in sample.programmes for p in programme.pilots},
        pilots.QUALIFIER: {figure.qualifier for figure in figures},
        pilots.BASIS: {figure.basis for figure in figures},
    }
    for enumeration, names in chosen.items():
        assert names <= members_of(enumeration), enumeration.name


def test_a_figure_without_a_value_says_not_stated(sample: Sample) -> None:
    figures = [f for programme in sample.programmes for f in programme.figures]
    assert all((f.value is None) == (f.qualifier == "not_stated") for f in figures)
    assert all(f.source for f in figures)


def test_the_published_files_are_the_bytes_their_notice_names(
    resources: Path, sample: Sample
) -> None:
    notice = (resources / "samples" / "LICENCE-OGL.md").read_text("utf-8")
    for release in sample.releases:
        packed = (resources / "samples" / release.file).read_bytes()
        assert hashlib.sha256(packed).hexdigest() in notice
        assert hashlib.sha256(gzip.decompress(packed)).hexdigest() in notice
        assert (resources / "profiles" / f"{release.profile}.toml").exists()


def test_a_list_of_tables_must_hold_tables(content: bytes) -> None:
    start, end = content.index(b"[[releases]]"), content.index(b"[[programmes]]")
    changed = b"releases = [1]\n" + content[:start] + content[end:]
    with pytest.raises(Refusal, match="“releases” must be a list of tables"):
        read_sample(changed)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('banner = "', 'baner = "', "“banner” is missing"),
        ('RHA = "24,617', 'RQX = "24,617', "“RQX” is no partner"),
        ('parent = "AS"', 'parent = "XX"', "“XX” is no service line"),
        ('to_line = "AS-PKG"', 'to_line = "NO"', "“NO” is no service line"),
        ('serves = ["P1"]', 'serves = ["P9"]', "“P9” is no driver"),
        ('idea = "C2"', 'idea = "C9"', "“C9” is no driver"),
        ('"64,000.00"', '"64,00.0"', "[virement]"),
        ("month = 8\nrecurrence", "month = 13\nrecurrence", "“month” must be 1"),
        ('"41", "44"', '"41", "x"', "'x', which is not a number"),
        ('contingency_pct = "0.5"', 'contingency_pct = "half"', "'half'"),
        ("start = 2024-11-01", 'start = "1 November"', "must be a date"),
        ("start = 2024-11-01", "start = 2024-11-01T10:00:00", "a date without a time"),
        ("[[standards]]", "[[standard]]", "“standards” is missing"),
        ("[[standards]]", "[standards]", "must be a list of tables"),
        ('part = "provider"', "part = 1", "“part” must be text"),
        ("[[releases]]", "extra = true\n[[releases]]", "“extra” is not known"),
    ],
)
def test_a_damaged_sample_is_refused_in_words(
    content: bytes, old: str, new: str, words: str
) -> None:
    changed = content.decode().replace(old, new, 1)
    assert changed != content.decode()
    with pytest.raises(Refusal) as caught:
        read_sample(changed.encode(), NAME)
    assert caught.value.code == "bad-sample"
    assert words in caught.value.words
    assert NAME in caught.value.words
