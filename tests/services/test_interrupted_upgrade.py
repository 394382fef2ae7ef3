"""An upgrade makes new tables and fills them; a laptop may stop between the two."""

from __future__ import annotations

from pathlib import Path

from collabdesk.services.sharing.verify import verify
from collabdesk.storage.database import FILE_NAME, Database
from tests.support.alliance import found_alliance
from tests.support.exchange import M1, a_line


def test_a_stop_between_new_tables_and_their_filling_is_made_good(tmp_path: Path) -> None:
    alliance = found_alliance(tmp_path / "alliance", ("a",))
    row = a_line(alliance)
    lead = alliance.desks["lead"]
    root, folder = lead.root, lead.workspace.folder
    with lead.workspace.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM setting WHERE key = 'derived_schema'")
    lead.workspace.close()
    Database(folder / FILE_NAME).close()
    lead.reopen()
    assert lead.root == root
    assert lead.live(row, M1) == {100}
    assert verify(lead.workspace).sound
    alliance.close()
