from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.metrics import HANDLERS, ImportRelease, WithdrawRelease
from collabdesk.services.metrics.derive import derive_observations, waiting_releases
from collabdesk.services.metrics.examined import file_chunks
from collabdesk.services.metrics.importing import ReleaseImport
from collabdesk.services.metrics.reference import Reference, read_reference
from collabdesk.storage.queries import metrics as stored
from collabdesk.storage.tables.derived import OBSERVATION
from collabdesk.storage.tables.durable import BLOB
from collabdesk.storage.tables.projections import PROJECTIONS
from collabdesk.sync.hashing import sha256
from tests.services.metrics.conftest import APRIL, PROFILE, SEPTEMBER, Importer
from tests.services.paper import RP1, RP7, Paper

APRIL_ROWS = 19_958
RELEASES = PROJECTIONS["release"]


def derived_rows(paper: Paper) -> int:
    with paper.read() as reads:
        return reads.execute(select(func.count()).select_from(OBSERVATION)).scalar_one()


def altered(folder: Path, name: str = APRIL.name) -> Path:
    """Return a copy of the April file in which one figure of England differs."""
    text = gzip.decompress(APRIL.read_bytes())
    path = folder / name
    path.write_bytes(gzip.compress(text.replace(b",19727\n", b",19728\n", 1)))
    return path


def test_a_published_file_becomes_one_release_and_its_figures(
    paper: Paper, bring: Importer
) -> None:
    bring(APRIL)
    (release,) = paper.rows("release")
    assert release["title"] == (
        "Mental health four-week waits, monthly (MHSDS), April 2024, performance"
    )
    assert (release["version"], release["rows"], release["scope"]) == (
        2,
        APRIL_ROWS,
        RP7.organisation,
    )
    assert release["file"] == sha256(APRIL.read_bytes())
    assert release["profile"] == sha256(PROFILE)
    assert derived_rows(paper) == APRIL_ROWS


def test_deriving_again_changes_nothing(paper: Paper, bring: Importer) -> None:
    bring(APRIL)
    with paper.write() as writes:
        assert derive_observations(writes, lambda name: stored.chunk(writes, name)) == ()


def test_the_same_file_is_refused_whatever_its_name(
    paper: Paper, bring: Importer, reference: Reference, tmp_path: Path
) -> None:
    bring(APRIL)
    again = tmp_path / "MHSDS_Data_4WW_AprPerf_2024_v3.csv.gz"
    again.write_bytes(APRIL.read_bytes())
    with pytest.raises(Refusal, match="here already") as refused:
        ReleaseImport(paper.read, reference).choose(again)
    assert refused.value.code == "same_file"


def test_a_file_brought_in_meanwhile_is_refused_when_it_is_confirmed(
    paper: Paper, bring: Importer, reference: Reference
) -> None:
    job = ReleaseImport(paper.read, reference)
    job.choose(APRIL)
    bring(APRIL)
    assert paper.refused(job.confirm()).code == "same_file"


def test_the_same_period_and_status_with_other_bytes_is_a_new_version(
    paper: Paper, bring: Importer, reference: Reference, tmp_path: Path
) -> None:
    bring(APRIL)
    job = ReleaseImport(paper.read, reference)
    found = job.choose(altered(tmp_path))
    assert (found.changes.revised, found.changes.same) == (1, APRIL_ROWS - 1)
    assert (found.changes.examples[0].before, found.changes.examples[0].after) == (
        "19727",
        "19728",
    )
    paper.run(job.confirm())
    assert sorted(row["version"] for row in paper.rows("release")) == [2, 3]


def test_undo_takes_the_release_and_its_figures_away(paper: Paper, reference: Reference) -> None:
    job = ReleaseImport(paper.read, reference)
    job.choose(APRIL)
    outcome = paper.run(job.confirm())
    assert outcome.words == f"Import of {APRIL.name}: 19,958 figures"
    with paper.write() as writes:
        derive_observations(writes, lambda name: stored.chunk(writes, name))
    paper.undo(outcome)
    with paper.write() as writes:
        derive_observations(writes, lambda name: stored.chunk(writes, name))
    assert (paper.rows("release"), derived_rows(paper)) == ([], 0)


def test_withdrawing_is_for_the_organisation_that_imported(paper: Paper, bring: Importer) -> None:
    release = bring(APRIL)
    assert paper.refused(WithdrawRelease(release), RP1).code == "not_yours"
    outcome = paper.run(WithdrawRelease(release))
    assert paper.rows("release") == []
    assert paper.refused(WithdrawRelease(release)).code == "no_release"
    paper.undo(outcome)
    assert len(paper.rows("release")) == 1


def test_a_release_waits_for_its_file_and_is_derived_when_it_comes(
    paper: Paper, bring: Importer
) -> None:
    release = bring(APRIL)
    chunk_hash = sha256(APRIL.read_bytes())
    with paper.write() as writes:
        stored.forget(writes, [release])
        writes.execute(delete(BLOB).where(BLOB.c.hash == chunk_hash))
        assert derive_observations(writes, lambda name: stored.chunk(writes, name)) == ()
        assert [waiting.row for waiting in waiting_releases(writes)] == [release]
        writes.execute(BLOB.insert().values(hash=chunk_hash, content=APRIL.read_bytes()))
        assert waiting_releases(writes) == ()
        (found,) = derive_observations(writes, lambda name: stored.chunk(writes, name))
    assert (found.release, found.rows, found.refused) == (release, APRIL_ROWS, None)


def test_a_file_that_cannot_be_read_gives_no_figures_and_says_why(
    paper: Paper, bring: Importer
) -> None:
    release = bring(APRIL)
    with paper.write() as writes:
        stored.forget(writes, [release])
        (found,) = derive_observations(
            writes, lambda name: PROFILE if name == sha256(PROFILE) else b"damaged"
        )
    assert found.rows == 0
    assert found.refused is not None
    assert derived_rows(paper) == 0


def test_a_release_that_names_no_file_neither_waits_nor_stops_the_others(
    paper: Paper, bring: Importer
) -> None:
    release = bring(APRIL)
    with paper.write() as writes:
        stored.forget(writes, [release])
        writes.execute(RELEASES.update().values(file=b"short"))
        assert waiting_releases(writes) == ()
        (found,) = derive_observations(writes, lambda name: stored.chunk(writes, name))
    assert found.refused is not None


def test_two_desks_derive_the_same_rows(paper: Paper, bring: Importer) -> None:
    release = bring(APRIL)
    other = Paper(HANDLERS, RP1)
    whole = {sha256(part): part for part in (APRIL.read_bytes(), PROFILE)}
    with paper.read() as reads, other.write() as writes:
        row = reads.execute(select(RELEASES)).mappings().one()
        writes.execute(RELEASES.insert().values(**row))
        derive_observations(writes, whole.get)
        ours = list(stored.figures(reads, release))
        assert list(stored.figures(writes, release)) == ours


def test_a_local_file_stays_here(paper: Paper) -> None:
    local = PROFILE.replace(b'travels = "published"', b'travels = "local"')
    assert local != PROFILE
    marked = read_reference(
        [("local.toml", local)],
        b"code,name,short_name,theme,unit,numerator,denominator,period_kind,direction,aggregation\n",
        b"code,kind,name,short_name,region,icb,opened,closed\n",
    )
    job = ReleaseImport(paper.read, marked)
    assert job.choose(APRIL).travels == "local"
    with pytest.raises(Refusal, match="stays on this laptop") as refused:
        job.confirm()
    assert refused.value.code == "local_file"


def test_nothing_is_confirmed_before_a_file_is_chosen(paper: Paper, reference: Reference) -> None:
    with pytest.raises(Refusal, match="No file has been read"):
        ReleaseImport(paper.read, reference).confirm()


def test_a_blocked_file_is_accounted_for_and_not_brought_in(
    paper: Paper, reference: Reference, tmp_path: Path
) -> None:
    job = ReleaseImport(paper.read, reference)
    found = job.choose(altered(tmp_path, "MHSDS_Data_4WW_MayPerf_2024.csv.gz"))
    assert found.blocked
    with pytest.raises(Refusal) as refused:
        job.confirm()
    assert refused.value.code == "import_blocked"


def test_reading_reports_progress_and_can_be_stopped(paper: Paper, reference: Reference) -> None:
    job, seen, stop = ReleaseImport(paper.read, reference), list[int](), threading.Event()
    job.choose(APRIL, progress=lambda done, _: seen.append(done))
    assert seen == sorted(seen)
    stop.set()
    with pytest.raises(Refusal) as refused:
        job.choose(APRIL, cancel=stop)
    assert refused.value.code == "cancelled"
    with pytest.raises(Refusal, match="No file has been read"):
        job.confirm()


def test_a_file_that_is_not_there_is_told(
    paper: Paper, reference: Reference, tmp_path: Path
) -> None:
    with pytest.raises(NotPossible) as told:
        ReleaseImport(paper.read, reference).choose(tmp_path / "gone.csv")
    assert told.value.code == "file-not-readable"


def test_another_layout_is_refused(paper: Paper, reference: Reference, tmp_path: Path) -> None:
    other = tmp_path / "notes.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(Refusal) as refused:
        ReleaseImport(paper.read, reference).choose(other)
    assert refused.value.code == "unknown-layout"


def test_the_current_release_is_the_newest_version_of_the_best_status(
    paper: Paper, bring: Importer, tmp_path: Path
) -> None:
    bring(SEPTEMBER)
    bring(APRIL)
    newer = bring(altered(tmp_path))
    with paper.read() as reads:
        periods = [(found.period_end.month, found.version) for found in stored.releases(reads)]
        (england,) = stored.published(reads, ["MRS01"], "national", ["England"])[:1]
    assert periods == [(9, 1), (4, 3), (4, 2)]
    assert (england.observation.value, england.release.row) in {("19728", newer), ("13706", newer)}


def test_the_command_carries_both_files_as_chunks(paper: Paper, reference: Reference) -> None:
    job = ReleaseImport(paper.read, reference)
    job.choose(APRIL)
    command = job.confirm()
    assert isinstance(command, ImportRelease)
    outcome = paper.run(command)
    assert outcome.blobs == (*file_chunks(APRIL.read_bytes()), PROFILE)


def test_a_file_too_large_to_be_one_is_not_even_read(
    paper: Paper, reference: Reference, tmp_path: Path
) -> None:
    huge = tmp_path / APRIL.name
    with huge.open("wb") as file:
        file.truncate(601 * 1024**2)  # takes no space on the disk
    with pytest.raises(Refusal) as refused:
        ReleaseImport(paper.read, reference).choose(huge)
    assert refused.value.code == "too-large"
