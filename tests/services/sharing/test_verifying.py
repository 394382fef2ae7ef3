"""Verify finds what was changed behind the program's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from collabdesk.services.sharing.verify import verify
from tests.support.alliance import Alliance
from tests.support.exchange import a_line, an_edit

Tamper = Callable[[sqlite3.Connection], object]


def flip(connection: sqlite3.Connection) -> None:
    (file,) = connection.execute("SELECT file FROM segment ORDER BY lamport").fetchone()
    spoiled = file[:-1] + bytes([file[-1] ^ 1])
    connection.execute("UPDATE segment SET file = ? WHERE file = ?", (spoiled, file))


def cut(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE segment SET file = substr(file, 1, 20) WHERE lamport = 1")


def remove(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM segment WHERE lamport = 1")


def remove_the_newest(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM segment WHERE lamport = (SELECT MAX(lamport) FROM segment)")


def swap(connection: sqlite3.Connection) -> None:
    one, other = connection.execute("SELECT id, file FROM segment ORDER BY lamport LIMIT 2")
    connection.execute("UPDATE segment SET file = ? WHERE id = ?", (other[1], one[0]))
    connection.execute("UPDATE segment SET file = ? WHERE id = ?", (one[1], other[0]))


def swap_their_numbers(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE segment SET seq = 3 - seq WHERE seq < 3")


def edit_a_figure(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE budgets_plan_line SET m1 = m1 + 1")


def edit_a_live_value(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE cell SET value = x'01' WHERE col = 11")


def lower_a_head(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE greatest_head SET seq = 1")


def forget_a_head(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM greatest_head")


def accept_what_was_not(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE operation SET verdict = 24")


def forge_a_signature(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE record_signature SET signature = zeroblob(64)")


def change_a_record(connection: sqlite3.Connection) -> None:
    (content,) = connection.execute("SELECT content FROM record").fetchone()
    spoiled = content.replace(b"laptop 1", b"laptop 9")
    found = connection.execute("SELECT content FROM record").fetchall()
    content = next(c for (c,) in found if b"laptop 1" in c)
    spoiled = content.replace(b"laptop 1", b"laptop 9")
    connection.execute("UPDATE record SET content = ? WHERE content = ?", (spoiled, content))


def damage_a_file(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO blob VALUES (zeroblob(32), x'00')")


FAULTS: dict[Tamper, str] = {
    flip: "cannot be read: its body is not the one its header names",
    cut: "cannot be read",
    remove: "does not follow the one before it",
    remove_the_newest: "a change set that was held is gone",
    swap: "its content is another's",
    swap_their_numbers: "its content is another's",
    edit_a_figure: "The table budgets_plan_line is not what the signed changes give",
    edit_a_live_value: "The state is not what the signed changes give",
    lower_a_head: "the newest change set is not what was noted",
    forget_a_head: "the newest change set is not what was noted",
    accept_what_was_not: "The table operation is not what the signed changes give",
    forge_a_signature: "carries a signature that fails",
    change_a_record: "is damaged",
    damage_a_file: "An attached file (000000000000) is damaged",
}


@pytest.mark.parametrize("tamper", FAULTS, ids=lambda tamper: tamper.__name__)
def test_verify_finds(alliance: Alliance, tamper: Tamper) -> None:
    row = a_line(alliance)
    lead, a, _ = alliance.desks.values()
    for pence in (110, 120):
        an_edit(lead, row, pence)
        lead.share()
    an_edit(a, row, 130)
    alliance.share_all()
    lead.workspace.close()
    connection = sqlite3.connect(lead.workspace.folder / "workspace.sqlite3")
    with connection:
        tamper(connection)
    connection.close()
    lead.reopen()
    faults = verify(lead.workspace).faults
    assert any(FAULTS[tamper] in fault for fault in faults), faults
