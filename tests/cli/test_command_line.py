"""The command line, as an installer or an auditor types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collabdesk.cli import run
from collabdesk.host.paths import resource
from tests.support.typed import Typed, newest_change_set, two_trusts, who

FIXTURES = Path(__file__).parents[1] / "data" / "fixtures"
RELEASE = "samples/MHSDS_Data_4WW_SepPerf_2024.csv.gz"
VERBS = ("demo", "new", "join", "enrol", "status", "sync", "import", "compare", "pack", "inspect")
CHECKS = ("verify", "rebuild", "validate")


def test_two_trusts_join_by_words_share_and_verify(typed: Typed) -> None:
    two_trusts(typed)
    assert typed("status", *typed.at("partner"))["enrolled"] is True
    imported = typed("import", *typed.at("partner"), str(resource(RELEASE)))
    assert imported["rows"] == 18_942
    typed("sync", *typed.at("partner"))
    typed("sync", *typed.at("lead"))
    compared = typed("compare", *typed.at("lead"), "MRS10a")
    assert compared["rows"][0]["code"] == "RP7"
    assert typed("verify", *typed.at("lead"))["sound"] is True
    assert typed("rebuild", *typed.at("lead")) == {"rebuilt": True}
    roots = {typed("status", *typed.at(name))["state_root"] for name in ("lead", "partner")}
    assert len(roots) == 1


def test_a_published_file_can_be_read_by_people(typed: Typed) -> None:
    two_trusts(typed)
    typed("import", *typed.at("partner"), str(resource(RELEASE)))
    typed("sync", *typed.at("partner"))
    published = newest_change_set(typed)
    shown = typed("inspect", str(published), *typed.at("lead"))
    assert shown["signature"] == "holds"
    assert shown["author"] == "Alliance manager, Lincolnshire Partnership, Laptop 1"
    assert "release" in shown["operations"][0]
    for record in (typed.folder / "share").rglob("*.cdc"):
        assert "membership record" in typed("inspect", str(record))["kind"]
    for request in (typed.folder / "share").rglob("*.cdj"):
        assert typed("inspect", str(request))["person"] == "Alliance manager"


def test_a_refused_file_makes_sharing_say_so_and_exit_1(typed: Typed) -> None:
    two_trusts(typed)
    typed("import", *typed.at("partner"), str(resource(RELEASE)))
    typed("sync", *typed.at("partner"))
    published = newest_change_set(typed)
    published.write_bytes(published.read_bytes()[:100])
    answer = typed("sync", *typed.at("lead"), code=1)
    assert answer["refused"][0]["path"].endswith(published.name)


def test_a_dry_run_writes_nothing(typed: Typed) -> None:
    two_trusts(typed)
    said = typed("import", *typed.at("lead"), str(resource(RELEASE)), "--dry-run")
    assert said["mapped"] == 18_942
    assert typed("status", *typed.at("lead"))["operations"] == 0


def test_wrong_words_do_not_join(typed: Typed) -> None:
    lead = who(typed, "Nottinghamshire Healthcare", "RHA", "Finance lead")
    typed("new", *typed.at("lead"), "--name", "Alliance", *lead)
    partner = who(typed, "Lincolnshire Partnership", "RP7", "QI lead")
    wrong = " ".join(["abandon"] * 8)
    answer = typed("join", *typed.at("partner"), "--words", wrong, *partner, code=1)
    assert answer["error"] == "words-differ"
    assert not (typed.folder / "partner" / "workspace.sqlite3").exists()


@pytest.mark.parametrize("verb", [*VERBS, *CHECKS])
def test_every_command_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run([verb, "--help"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert "--json" in text
    assert "--workspace" in text


def test_bad_usage_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (["frobnicate"], ["sync"], ["new", "--workspace", "x"]):
        with pytest.raises(SystemExit) as left:
            run(line)
        assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_folder_without_a_workspace_is_refused_in_words(typed: Typed) -> None:
    said = typed.told("status", *typed.at("nowhere"), code=1)
    assert "There is no CollabDesk workspace" in said
    assert "collabdesk new" in said


def test_a_file_that_is_not_ours_is_refused_in_words(typed: Typed, tmp_path: Path) -> None:
    stranger = tmp_path / "notes.txt"
    stranger.write_text("not a change set", encoding="utf-8")
    assert "not a file of a CollabDesk shared folder" in typed.told(
        "inspect", str(stranger), code=1
    )
    assert "cannot be read" in typed.told("inspect", str(tmp_path / "gone.cds"), code=1)


def test_validate_names_what_differs_and_what_is_not_covered(typed: Typed, tmp_path: Path) -> None:
    covered = str(FIXTURES / "proportion_wilson.json")
    assert typed("validate", covered)["files"]
    finance = str(FIXTURES / "finance.json")
    said = typed.told("validate", finance, code=1)
    assert "not covered" in said
    typed("validate", finance, "--allow-uncovered")
    cases = json.loads(Path(covered).read_text(encoding="utf-8"))
    cases["cases"][0]["expected"]["value"] += 0.5
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(cases), encoding="utf-8")
    assert cases["cases"][0]["id"] in typed.told("validate", str(changed), code=1)
