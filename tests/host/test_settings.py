"""Which value is in force, who set it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.errors import NotPossible, Refusal
from collabdesk.host.paths import Places
from collabdesk.host.settings import Origin, ThisComputer, this_computer
from collabdesk.host.settings_declaration import declaration


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "work", tmp_path / "mine", tmp_path / "cache", tmp_path / "machine")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_any_file_everything_is_standard(places: Places) -> None:
    found = this_computer(places)
    assert {one.origin for one in found.all()} == {Origin.DEFAULT}
    assert [one.setting.key for one in found.all()] == list(declaration().computer)
    assert found.text("theme") == "system"
    assert found.number("automatic_sync_seconds") == 300
    assert found.faults == ()


def test_policy_beats_machine_beats_choice_beats_default(places: Places) -> None:
    this_computer(places).choose("text_size", "110")
    assert this_computer(places).resolved("text_size").origin is Origin.USER
    write(places.machine / "computer.toml", "text_size = 120")
    machine = this_computer(places).resolved("text_size")
    assert (machine.value, machine.origin) == (120, Origin.MACHINE)
    write(places.machine / "policy.toml", "text_size = 130")
    policy = this_computer(places).resolved("text_size")
    assert (policy.value, policy.origin, policy.fixed) == (130, Origin.POLICY, True)


def test_what_the_organisation_set_cannot_be_chosen(places: Places) -> None:
    write(places.machine / "policy.toml", 'sync_folder = "/srv/share"')
    found = this_computer(places)
    with pytest.raises(Refusal) as refused:
        found.choose("sync_folder", "/elsewhere")
    assert refused.value.code == "set-by-organisation"
    assert refused.value.field == "sync_folder"
    assert found.text("sync_folder") == "/srv/share"


@pytest.mark.parametrize(
    "folder", ["/srv/the share", 'C:\\Users\\a "b"\\x', "\\\\server\\share", "/srv/£ café 🙂"]
)
def test_a_choice_is_kept_as_typed_and_can_be_forgotten(places: Places, folder: str) -> None:
    this_computer(places).choose("sync_folder", folder)
    again = this_computer(places)
    assert again.text("sync_folder") == folder
    assert again.forget("sync_folder").origin is Origin.DEFAULT
    assert this_computer(places).text("sync_folder") == ""


def test_a_choice_out_of_range_is_refused_and_nothing_is_kept(places: Places) -> None:
    found = this_computer(places)
    with pytest.raises(Refusal) as refused:
        found.choose("text_size", "400")
    assert refused.value.words == "Text size: “400” is not possible."
    assert refused.value.remedy == "Give a whole number from 100 to 200 %."
    assert found.number("text_size") == 100
    assert not (places.settings / "settings.toml").exists()


def test_a_bad_or_unknown_value_in_a_file_is_passed_over_and_told(places: Places) -> None:
    write(places.machine / "policy.toml", 'theme = "pink"\nthemes = "dark"')
    write(places.settings / "settings.toml", 'theme = "dark"')
    found = this_computer(places)
    assert found.resolved("theme").value == "dark"
    assert len(found.faults) == 2
    assert any("“pink” is not possible" in fault for fault in found.faults)
    assert any("no setting “themes”" in fault for fault in found.faults)


def test_a_damaged_file_of_choices_is_moved_aside(places: Places) -> None:
    write(places.settings / "settings.toml", "theme = dark")
    found = this_computer(places)
    assert found.text("theme") == "system"
    assert "kept as" in found.faults[0]
    assert (places.settings / "settings.damaged").read_text("utf-8") == "theme = dark"


def test_a_damaged_policy_is_not_ignored(places: Places) -> None:
    write(places.machine / "policy.toml", "theme = dark")
    with pytest.raises(NotPossible, match=r"policy\.toml"):
        this_computer(places)


def test_asking_for_the_wrong_kind_is_a_mistake_of_the_program(places: Places) -> None:
    found: ThisComputer = this_computer(places)
    with pytest.raises(TypeError):
        found.number("theme")
    with pytest.raises(TypeError):
        found.text("text_size")
