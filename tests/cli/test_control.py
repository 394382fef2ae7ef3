"""Membership on the command line: laptops, votes, turns passed over, recovery, the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collabdesk.cli import run
from collabdesk.host.paths import resource
from tests.support.typed import Typed, key_file, who

RELEASE = "samples/MHSDS_Data_4WW_SepPerf_2024.csv.gz"
VERBS = ("retire", "suspend", "vote", "void", "adopt", "heal", "proofs", "recover", "keeper")
NOTTS = ("Nottinghamshire Healthcare", "RHA", "Finance lead")
LINCS = ("Lincolnshire Partnership", "RP7", "Alliance manager")


def sync(typed: Typed, *names: str) -> None:
    for name in names:
        typed("sync", *typed.at(name))


def joined(typed: Typed, name: str, words: str, *options: str) -> dict[str, Any]:
    """Let a laptop of the partner ask to join under a name of its own."""
    if not (typed.folder / name).exists():
        key_file(typed.folder / name)
    asked = who(typed, LINCS[0], LINCS[1], "QI lead")
    return typed("join", *typed.at(name), "--words", words, *asked, "--laptop", name, *options)


@pytest.fixture
def two(typed: Typed) -> dict[str, Any]:
    """Two trusts, each with a recovery key; what founding and joining said."""
    lead = typed("new", *typed.at("lead"), "--name", "Alliance", *who(typed, *NOTTS))
    words = lead["workspace_words"]
    partner = typed("join", *typed.at("partner"), "--words", words, *who(typed, *LINCS))
    typed("enrol", *typed.at("lead"), "--words", partner["laptop_words"])
    sync(typed, "partner", "lead", "partner")
    return {"words": words, "lead": lead["recovery_rows"], "partner": partner["recovery_rows"]}


def test_a_second_laptop_is_enrolled_works_and_is_retired(
    typed: Typed, two: dict[str, Any]
) -> None:
    asked = joined(typed, "second", two["words"], "--no-recovery")
    assert "recovery_rows" not in asked
    said = typed(
        "enrol",
        *typed.at("partner"),
        "--words",
        asked["laptop_words"],
        "--person",
        "QI lead",
        "--roles",
        "QI lead",
        "--roles",
        "Alliance manager",
    )
    assert said["enrolled"] == ["second of QI lead is enrolled as QI lead and Alliance manager."]
    sync(typed, "second", "lead")
    typed("import", *typed.at("second"), str(resource(RELEASE)))
    sync(typed, "second", "lead", "partner")
    retired = typed("retire", *typed.at("partner"), "second")
    assert retired["in_force"] is True
    sync(typed, "lead")
    assert typed("compare", *typed.at("lead"), "MRS10a")["rows"][0]["code"] == "RP7"
    listed = typed("decisions", *typed.at("lead"))
    changes = [line for item in listed["decisions"] for line in item["changes"]]
    assert any(line.startswith("second is retired") for line in changes)
    assert any("neither can suspend" in promise["words"] for promise in listed["promises"])


def test_suspended_work_waits_and_comes_back(typed: Typed, two: dict[str, Any]) -> None:
    asked = joined(typed, "second", two["words"], "--no-recovery")
    typed("enrol", *typed.at("partner"), "--words", asked["laptop_words"])
    sync(typed, "second", "lead")
    refused = typed("suspend", *typed.at("lead"), "second", "--reason", "Odd figures", code=1)
    assert refused["error"] == "two-organisations"
    typed("import", *typed.at("second"), str(resource(RELEASE)))
    done = typed("suspend", *typed.at("partner"), "second", "--reason", "Lost on a train")
    assert done["in_force"] is True
    sync(typed, "second", "lead", "partner")
    assert typed("compare", *typed.at("lead"), "MRS10a")["finding"].startswith("No trust has")
    waiting = typed("adopt", *typed.at("partner"))["waiting"]
    late = [item for item in waiting if item["lines"]]
    assert late[0]["reason"] == "it was made on a laptop that is suspended"
    assert "1." in typed.told("adopt", *typed.at("partner"))
    unknown = typed("adopt", *typed.at("partner"), late[0]["id"][:4], code=1)
    assert unknown["error"] == "no-such-number"
    assert typed("adopt", *typed.at("partner"), late[0]["id"])["adopted"] == 1
    sync(typed, "lead")
    assert typed("compare", *typed.at("lead"), "MRS10a")["rows"][0]["code"] == "RP7"
    assert "no longer suspended" in typed.told("suspend", *typed.at("partner"), "second", "--lift")
    assert "not suspended" in typed.told("suspend", *typed.at("partner"), "second", "--lift")


@pytest.mark.usefixtures("two")
def test_both_trusts_vote_and_a_turn_is_passed_over(typed: Typed) -> None:
    proposed = typed("vote", *typed.at("lead"), "--review")
    assert proposed["in_force"] is False
    assert proposed["waits_for"] == [LINCS[0]]
    waiting = typed("vote", *typed.at("partner"))["waiting"]
    assert waiting[0]["can_sign"] is True
    assert "Round 1" in typed.told("vote", *typed.at("partner"))
    assert typed("vote", *typed.at("partner"), "--sign", "1")["in_force"] is True
    refused = typed("vote", *typed.at("partner"), "--review", code=1)
    assert refused["error"] == "another-turn"
    assert typed("void", *typed.at("partner"))["in_force"] is True
    sync(typed, "lead")
    assert typed("vote", *typed.at("partner"))["turn"] == LINCS[0]
    wrong = typed("vote", *typed.at("partner"), "--sign", "7", code=1)
    assert wrong["error"] == "no-such-number"


def test_the_only_laptop_is_lost_and_the_printed_rows_bring_the_trust_back(
    typed: Typed, two: dict[str, Any], tmp_path: Path
) -> None:
    joined(typed, "again", two["words"], "--no-recovery")
    wrong = typed("recover", *typed.at("again"), "--rows", "\n".join(two["lead"]), code=1)
    assert wrong["error"] == "another-organisation"
    sheet = tmp_path / "rows.txt"
    sheet.write_text("Recovery key\n\n" + "\n".join(two["partner"]), encoding="utf-8")
    assert typed("recover", *typed.at("again"), "--sheet", str(sheet))["in_force"] is True
    sync(typed, "lead", "again")
    assert typed("status", *typed.at("again"))["enrolled"] is True
    assert typed("status", *typed.at("partner"))["enrolled"] is True
    sync(typed, "partner")
    assert typed("status", *typed.at("partner"))["enrolled"] is False
    sync(typed, "partner", "lead", "again")
    assert typed("status", *typed.at("partner"))["enrolled"] is False
    new = tmp_path / "new.html"
    refused = typed("recover", *typed.at("again"), "--new", str(new), code=1)
    assert refused["error"] == "not-an-administrator"
    typed("vote", *typed.at("lead"), "--review")
    done = typed("vote", *typed.at("lead"))["waiting"]
    assert "no longer signs for" in " ".join(done[0]["changes"])


def test_a_laptop_takes_new_keys_and_its_own_place(typed: Typed, two: dict[str, Any]) -> None:
    asked = joined(typed, "second", two["words"], "--no-recovery")
    typed("enrol", *typed.at("partner"), "--words", asked["laptop_words"])
    sync(typed, "second")
    fresh = typed("recover", *typed.at("second"), "--new-keys")["laptop_words"]
    assert fresh != asked["laptop_words"]
    assert typed("status", *typed.at("second"))["enrolled"] is False
    said = typed("enrol", *typed.at("partner"), "--words", fresh, "--replaces", "second")
    assert "takes the place of second" in said["enrolled"][0]
    sync(typed, "second")
    assert typed("status", *typed.at("second"))["enrolled"] is True


@pytest.mark.usefixtures("two")
def test_the_ledger_keeper_and_proofs_say_where_things_stand(typed: Typed) -> None:
    assert typed("keeper", *typed.at("partner"))["keeper"].endswith(NOTTS[0])
    refused = typed("keeper", *typed.at("partner"), "--lay-down", code=1)
    assert refused["error"] == "not-the-keeper"
    assert typed("keeper", *typed.at("lead"), "--lay-down")["laid_down"] is True
    assert typed("proofs", *typed.at("lead"))["signed_two_ways"] == []
    assert typed("heal", *typed.at("lead"))["healed"] == []
    unknown = typed("retire", *typed.at("lead"), "No such laptop", code=1)
    assert unknown["error"] == "no-such-laptop"
    assert "Laptop 1" in unknown["words"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_about_membership_explains_itself(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run([verb, "--help"])
    assert left.value.code == 0
    assert "--workspace" in capsys.readouterr().out


def test_a_name_that_can_be_taken_for_another_is_told_and_enrolled(
    typed: Typed, two: dict[str, Any]
) -> None:
    asked = joined(typed, "Iaptop 1", two["words"], "--no-recovery")
    said = typed.told(
        "enrol", *typed.at("partner"), "--words", asked["laptop_words"], "--person", "QI lead"
    )
    assert "Look twice: The name “Iaptop 1” can be taken for Laptop 1 of Alliance manager" in said
    assert "Iaptop 1 of QI lead is enrolled" in said


def test_a_newer_version_of_the_records_is_asked_for(typed: Typed, two: dict[str, Any]) -> None:
    assert two
    said = typed.told("vote", *typed.at("lead"), "--require-version", "99", code=1)
    assert "Version 99 cannot be asked for" in said
    proposed = typed("vote", *typed.at("lead"), "--require-version", "2")
    assert "Laptops need version 2 of the data or newer." in proposed["changes"]
