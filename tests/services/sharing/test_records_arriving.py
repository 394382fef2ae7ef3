"""Control records that arrive between change sets: all judge them alike, strangers' wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from nacl.signing import SigningKey

from collabdesk.errors import NotPossible
from collabdesk.sync import names, records, segment
from collabdesk.sync.authority.held import Held
from collabdesk.sync.hashing import Z
from tests.support.alliance import Alliance, Desk, ask, further
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.paper_alliance import PaperAlliance, plan_line

MINUTE_MS = 60_000
STRANGER = SigningKey(bytes([9]) * 32)


def record_of(desk: Desk, record: records.Record, *keys: SigningKey) -> tuple[str, bytes]:
    content = records.write_file(records.sign_record(records.encode_record(record), *keys))
    root = names.workspace_folder(desk.workspace.about.workspace)
    return f"{root}/{names.record_path(desk.workspace.about.slot, content)}", content


def suspension(desk: Desk) -> tuple[str, bytes]:
    about, org = desk.workspace.about, desk.workspace.me().organisation
    made = records.Suspension(about.workspace, org, about.key, 0, Z, 0, "lost", 1)
    return record_of(desk, made, desk.workspace.keys().signing)


def void(desk: Desk) -> tuple[str, bytes]:
    about, org = desk.workspace.about, desk.workspace.me().organisation
    made = records.Void(about.workspace, org, desk.workspace.book.head.id, 0, 1)
    return record_of(desk, made, desk.workspace.keys().signing)


def roster_above_its_pin(desk: Desk) -> tuple[str, bytes]:
    org = desk.workspace.me().organisation
    tip = desk.workspace.book.roster_of(org)
    present = desk.workspace.book.roster(org)
    assert tip is not None
    assert present is not None
    made = replace(present, ws=desk.workspace.about.workspace, m=1, prev=tip[1])
    return record_of(desk, made, desk.workspace.keys().signing)


def second_attempt(desk: Desk) -> tuple[str, bytes]:
    book = desk.workspace.book
    made = replace(book.epoch, n=book.epoch.n + 1, prev=book.head.id, attempt=1)
    return record_of(desk, made, desk.workspace.keys().signing)


def proof(desk: Desk) -> tuple[str, bytes]:
    key = desk.workspace.keys().signing
    heads = [PaperAlliance().scribes["lead"] for _ in range(2)]
    made = []
    for scribe, pence in zip(heads, (1, 2), strict=True):
        scribe.key, scribe.workspace = key, desk.workspace.about.workspace
        made.append(segment.read(scribe.write(plan_line(pence)).file))
    one, two = sorted(made, key=lambda s: s.id)
    record = records.Proof(
        desk.workspace.about.workspace,
        one.header_bytes,
        one.signature,
        two.header_bytes,
        two.signature,
    )
    return record_of(desk, record)


KINDS = (suspension, void, roster_above_its_pin, second_attempt, proof)


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_every_kind_of_record_is_judged_alike_by_all_whenever_it_comes(
    alliance: Alliance, make: Callable[[Desk], tuple[str, bytes]]
) -> None:
    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, a, b = alliance.desks.values()
    an_edit(a, row, 9)
    an_edit(b, row, 10)
    b.share()
    path, content = make(lead)
    kept.files[path] = content
    for _ in range(2):
        for desk in (a, b):
            desk.share()
    assert a.root == b.root
    b.workspace.rebuild().result()
    assert a.root == b.root
    assert a.live(row, M1) == b.live(row, M1)


def test_what_a_full_disk_left_unjudged_is_judged_at_the_next_exchange(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = a_line(alliance)
    kept = in_memory(alliance)
    _, a, b = alliance.desks.values()
    an_edit(a, row, 9)
    a.share()
    b.share()
    path, content = suspension(a)
    kept.files[path] = content

    def full(_: object) -> None:
        raise NotPossible(code="disk-full", words="The disk is full.", remedy="Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(b.workspace, "_rejudge", full)
        with pytest.raises(NotPossible):
            b.share()
    assert b.live(row, M1) == {9}
    b.share()
    assert b.live(row, M1) == {100}


def test_a_strangers_record_is_set_aside(alliance: Alliance) -> None:
    a_line(alliance)
    kept = in_memory(alliance)
    lead, _, b = alliance.desks.values()
    made = records.Suspension(
        lead.workspace.about.workspace, bytes(16), lead.workspace.about.key, 0, Z, 0, "lost", 1
    )
    path, content = record_of(lead, made, STRANGER)
    kept.files[path] = content
    assert b.share().records == 0
    held: list[Held] = b.workspace.write(lambda replica: replica.records())
    assert not any(isinstance(one.record, records.Suspension) for one in held)


def test_a_newcomer_looks_again_at_what_lies_in_the_founding_record_s_place(
    alliance: Alliance,
) -> None:
    kept = in_memory(alliance)
    about = alliance.desks["lead"].workspace.about
    place = f"{names.workspace_folder(about.workspace)}/{names.genesis_path(about.workspace)}"
    whole = kept.files[place]
    asked = ask(alliance, "second", founder=further("a", "Analyst", "Laptop 2"), share=False)
    asked.store = alliance.desks["lead"].store
    kept.files[place] = as_long_as(whole, alliance.desks["lead"])
    refused = asked.share()
    assert [file.path for file in refused.refused] == [place]
    assert not asked.workspace.founded
    kept.files[place] = whole
    asked.clock.ms += 11 * MINUTE_MS
    asked.share()
    assert asked.workspace.founded


def as_long_as(whole: bytes, desk: Desk) -> bytes:
    """Return another record's file of the same length."""
    about, org = desk.workspace.about, desk.workspace.me().organisation
    for many in range(len(whole)):
        made = records.Suspension(about.workspace, org, about.key, 0, Z, 0, "x" * many, 1)
        content = record_of(desk, made, STRANGER)[1]
        if len(content) == len(whole):
            return content
    raise AssertionError(len(whole))
