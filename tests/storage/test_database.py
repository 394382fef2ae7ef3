"""Opening a workspace's file: migrations, versions, and known faults in words."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from collabdesk.errors import NotPossible
from collabdesk.storage import database as opening
from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.replica import SqliteReplica

SECOND = '''"""Another durable column."""

import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "PRESENT"


def upgrade() -> None:
    op.add_column("event", sa.Column("seen", sa.Integer))
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / FILE_NAME
    Database(file).close()
    return file


def run(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    with connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


@pytest.fixture
def _second_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = path.parent / "migrations"
    shutil.copytree(opening._MIGRATIONS, folder)  # noqa: SLF001 - the steps a later version has
    present = run(path, "SELECT version_num FROM alembic_version")[0][0]
    (folder / "versions" / "v9998_later.py").write_text(SECOND.replace("PRESENT", str(present)))
    monkeypatch.setattr(opening, "_MIGRATIONS", folder)


@pytest.mark.usefixtures("_second_version")
def test_an_older_file_is_copied_aside_and_brought_up_to_date(path: Path) -> None:
    run(path, "INSERT INTO event (at_ms, kind, words) VALUES (1, 'kept', 'words')")
    Database(path).close()
    assert run(path, "SELECT words, seen FROM event") == [("words", None)]
    aside = path.with_suffix(".before-9998.sqlite3")
    assert run(aside, "SELECT version_num FROM alembic_version") != [("9998",)]
    assert run(aside, "SELECT words FROM event") == [("words",)]


def test_the_steps_are_named_after_their_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(opening._MIGRATIONS))  # noqa: SLF001
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == opening.revisions()[-1]
    assert {step.revision for step in scripts.walk_revisions()} == set(opening.revisions())


def test_a_newer_file_is_refused_and_left_as_it_is(path: Path) -> None:
    run(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NotPossible, match="last opened by a newer version") as refused:
        Database(path)
    assert refused.value.code == "newer-workspace"
    assert "Install that version" in refused.value.remedy
    assert path.read_bytes() == before


def test_a_file_of_this_version_is_not_copied(path: Path) -> None:
    Database(path).close()
    assert [p.name for p in path.parent.glob("*before*")] == []


def test_what_is_no_database_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"a letter, not a workspace" * 100)
    with pytest.raises(NotPossible, match="is not a CollabDesk workspace") as refused:
        Database(path)
    assert refused.value.code == "not-a-workspace"
    assert path.read_bytes().startswith(b"a letter")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="cannot be opened") as refused:
        Database(tmp_path / "nowhere" / FILE_NAME)
    assert refused.value.code == "cannot-open"


def test_a_file_that_another_program_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_BUSY_SECONDS", 0)
    database = Database(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(NotPossible, match="in use by another program") as refused, database.write():
        pytest.fail("the file is held")
    assert refused.value.code == "locked-database"
    other.rollback()
    other.close()
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM event")
    database.close()


def write_too_much(database: Database, pragma: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO event VALUES (2, 1, 'lost', 'second')")
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("INSERT INTO blob VALUES (zeroblob(32), zeroblob(9000000))")


@pytest.mark.parametrize(
    ("pragma", "code", "words"),
    [
        ("query_only=ON", "read-only-folder", "cannot be written to"),
        ("max_page_count=1", "disk-full", "is full"),
    ],
)
def test_a_place_that_takes_nothing_more(path: Path, pragma: str, code: str, words: str) -> None:
    database = Database(path)
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO event VALUES (1, 1, 'kept', 'first')")
    with pytest.raises(NotPossible, match=words) as refused:
        write_too_much(database, pragma)
    assert refused.value.code == code
    assert refused.value.remedy
    database.close()
    assert run(path, "SELECT words FROM event") == [("first",)]


def test_a_damaged_file_is_named(path: Path) -> None:
    database = Database(path)
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO blob VALUES (zeroblob(32), zeroblob(50000))")
    database.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(NotPossible, match="is damaged") as refused:
        Database(path)
    assert refused.value.code == "damaged-database"
    assert "backup" in refused.value.remedy


def test_other_faults_are_bugs_and_pass(path: Path) -> None:
    database = Database(path)
    with pytest.raises(Exception, match="no such table: nowhere"), database.read() as reads:
        reads.exec_driver_sql("SELECT * FROM nowhere")
    database.close()


def test_a_reader_cannot_write(path: Path) -> None:
    database = Database(path)
    with pytest.raises(NotPossible, match="cannot be written"), database.read() as reads:
        reads.exec_driver_sql("DELETE FROM event")
    database.close()


def test_a_copy_is_made_while_the_file_is_in_use(path: Path, tmp_path: Path) -> None:
    database = Database(path)
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO event VALUES (1, 1, 'kept', 'first')")
    database.copy_to(tmp_path / "copy.sqlite3")
    assert run(tmp_path / "copy.sqlite3", "SELECT words FROM event") == [("first",)]
    database.close()


def test_bytes_that_a_tool_rewrote_as_text_are_told_as_damage(path: Path) -> None:
    run(path, "INSERT INTO record VALUES (x'00', CAST(x'ff00ff' AS TEXT))")
    database = Database(path)
    with pytest.raises(NotPossible) as refused, database.read() as reads:
        SqliteReplica(reads).stored_records()
    assert refused.value.code == "damaged-database"
    database.close()
