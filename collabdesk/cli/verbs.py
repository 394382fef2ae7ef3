"""What each command does, in terms of the services the window uses."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path
from typing import Any

from collabdesk.app import key_store, open_store, open_workspace
from collabdesk.errors import NotPossible
from collabdesk.services.workspace import Workspace
from collabdesk.sync.blobs import MAX_CHUNK
from collabdesk.voice import Voice

FINE = 0
WRONG = 1

Options = argparse.Namespace


def demo(options: Options, voice: Voice) -> int:
    """Run the demonstration."""
    from collabdesk.demo.show import show

    return show(
        output=options.output,
        workspaces=options.workspace,
        window=not options.no_window,
        pictures=not options.no_pictures,
        voice=voice,
    )


def new(options: Options, voice: Voice) -> int:
    """Found a workspace and publish it."""
    from collabdesk.services.sharing.cycle import share
    from collabdesk.services.sharing.enrolment import laptop_words, workspace_words

    share_folder = _share(options)
    store = open_store(share_folder)
    recovery = _recovery(options)
    workspace = Workspace.found(
        options.workspace,
        key_store(options.workspace),
        name=options.name,
        founder=_founder(options),
        store=share_folder,
        slot=_slot(options),
        recovery=recovery,
    )
    with _closing(workspace):
        report = share(workspace, store)
        words = " ".join(workspace_words(workspace))
        voice.line(f"Founded “{options.name}” in {options.workspace}: {report.sentence()}.")
        voice.line("Read these eight words to each partner who joins:")
        voice.line(f"  {words}")
        voice.line(f"Keys are kept {workspace.key_words}.")
        printed = _print_recovery(workspace, recovery, options, voice)
        voice.result(
            {
                "workspace": workspace.about.workspace.hex(),
                "workspace_words": words,
                "laptop_words": " ".join(laptop_words(workspace)),
                **printed,
            }
        )
    return FINE


def join(options: Options, voice: Voice) -> int:
    """Ask to join the workspace whose words were read out."""
    from collabdesk.services.sharing.cycle import share
    from collabdesk.services.sharing.enrolment import find_workspace, laptop_words

    share_folder = _share(options)
    store = open_store(share_folder)
    workspace_id, name = find_workspace(store, options.words)
    recovery = _recovery(options)
    workspace = Workspace.ask_to_join(
        options.workspace,
        key_store(options.workspace),
        workspace=workspace_id,
        name=name,
        founder=_founder(options),
        store=share_folder,
        slot=_slot(options),
        recovery=recovery,
    )
    with _closing(workspace):
        share(workspace, store)
        words = " ".join(laptop_words(workspace))
        voice.line(f"Asked to join “{name}”. Read these eight words to its administrator:")
        voice.line(f"  {words}")
        voice.line("When they have enrolled this laptop, run “collabdesk sync”.")
        printed = _print_recovery(workspace, recovery, options, voice)
        voice.result({"workspace": workspace_id.hex(), "laptop_words": words, **printed})
    return FINE


def _recovery(options: Options) -> Any:  # noqa: ANN401 - imported late for a quick start
    from collabdesk.services.recovery_key import make_recovery_key

    return None if options.no_recovery else make_recovery_key()


def _print_recovery(
    workspace: Workspace,
    recovery: Any,  # noqa: ANN401 - imported late for a quick start
    options: Options,
    voice: Voice,
) -> dict[str, Any]:
    """Write the recovery key's sheet, or say its rows: once, and nowhere else."""
    from collabdesk.services.control.recovery_sheet import sheet

    if recovery is None:
        return {}
    printed = sheet(workspace, recovery)
    if options.recovery_sheet:
        try:
            printed.write(options.recovery_sheet)
        except NotPossible as error:
            # The key is made and listed: it must reach paper, whatever the file does.
            voice.line(str(error))
        else:
            path = options.recovery_sheet
            voice.line(f"The recovery key is in {path}: print it, lock it away, delete the file.")
            return {"recovery_sheet": str(path)}
    for line in (printed.title, *printed.sentences, *printed.rows):
        voice.line(line)
    return {"recovery_rows": list(printed.rows)}


def status(options: Options, voice: Voice) -> int:
    """Say where the workspace stands."""
    from collabdesk.services.sharing.alarms import alarms
    from collabdesk.services.sharing.standing import standing

    with _closing(open_workspace(options.workspace)) as workspace:
        now, shown = standing(workspace), alarms(workspace)
        counts = now.counts
        voice.line(f"{now.name}" + (" (Sample: figures invented)" * workspace.about.sample))
        if not now.enrolled:
            voice.line("This laptop waits to be enrolled. Its eight words:")
            voice.line(f"  {' '.join(now.laptop_words)}")
        for laptop in now.laptops:
            seen = "has seen everything" if laptop.seen_everything else f"{laptop.behind} behind"
            you = " (this one)" if laptop.mine else ""
            voice.line(
                f"  {laptop.member.organisation_name}: {laptop.member.laptop}{you}, "
                f"{laptop.member.role}; {seen}"
            )
        voice.line(f"{counts.operations} operations in {counts.segments} change sets.")
        voice.line(
            f"Waiting to go out: {counts.waiting_out} files and {counts.open_changes} changes. "
            f"Waiting to come in: {counts.waiting_in}; files: {now.waiting_files}."
        )
        voice.line(f"Contested figures: {counts.contested}. Kept aside: {len(now.aside)}.")
        for aside in now.aside:
            voice.line(f"  {aside.what} from {aside.who}: {aside.reason}")
        for alarm in shown:
            voice.line(f"{alarm.words} {alarm.protected}")
            voice.line(f"  {alarm.action_words}.")
        voice.line(f"State in eight words: {' '.join(now.state_words)}")
        voice.result(
            {
                "name": now.name,
                "enrolled": now.enrolled,
                "state_root": now.state_root,
                "state_words": " ".join(now.state_words),
                "operations": counts.operations,
                "segments": counts.segments,
                "waiting_out": counts.waiting_out + counts.open_changes,
                "waiting_in": counts.waiting_in,
                "contested": counts.contested,
                "kept_aside": [
                    {"what": a.what, "who": a.who, "verdict": a.verdict, "reason": a.reason}
                    for a in now.aside
                ],
                "refused_files": [
                    {"path": r.path, "words": r.words, "healed": r.healed} for r in now.refused
                ],
                "alarms": [
                    {
                        "kind": alarm.kind,
                        "words": alarm.words,
                        "protected": alarm.protected,
                        "action": alarm.action_words,
                    }
                    for alarm in shown
                ],
            }
        )
    return FINE


def sync(options: Options, voice: Voice) -> int:
    """Exchange change sets with the shared folder, once or until interrupted."""
    from collabdesk.services.sharing.cycle import share

    if options.watch:
        from collabdesk.cli.watch import watch

        return watch(options, voice)
    with _closing(open_workspace(options.workspace)) as workspace:
        store = open_store(workspace.about.store)
        report = share(workspace, store, audit=True, progress=voice.progress)
        voice.line(f"Shared: {report.sentence()}.")
        for refused in report.refused:
            voice.line(f"Refused {refused.path}: {refused.words}")
        for words in (*report.left_out, *report.not_posted):
            voice.line(words)
        voice.result(
            {
                "sent": report.sent,
                "confirmed": report.ok,
                "records": report.records,
                "segments": report.segments,
                "linked": report.linked,
                "blobs": report.blobs,
                "refused": [
                    {"path": r.path, "code": r.code, "words": r.words} for r in report.refused
                ],
                "salvaged": report.salvaged,
                "healed": report.healed,
                "put_back": report.put_back,
                "posted": report.posted,
                "enrolled": workspace.enrolled,
            }
        )
    return WRONG if report.refused else FINE


def import_file(options: Options, voice: Voice) -> int:
    """Import a published metrics file, after saying what it will do."""
    from collabdesk.services.metrics.importing import ReleaseImport
    from collabdesk.services.sample.work import reference

    with _closing(open_workspace(options.workspace)) as workspace:
        wizard = ReleaseImport(workspace.database.read, reference())
        found = wizard.choose(options.file, cancel=threading.Event())
        for line in dry_run_lines(found):
            voice.line(line)
        if options.dry_run:
            voice.result(_dry_run_values(found))
            return WRONG if found.blocked else FINE
        done = workspace.run(wizard.confirm())
        voice.line(f"{done.words}.")
        voice.result({**_dry_run_values(found), "imported": True})
    return FINE


def dry_run_lines(found: Any) -> list[str]:  # noqa: ANN401 - the account of one file
    """Return what an import would do, in sentences."""
    summary = found.summary
    return [
        f"{summary.title}: {summary.period_start} to {summary.period_end}, {summary.status}",
        f"  {found.rows_in:,} rows, {found.mapped:,} understood, {summary.suppressed:,} suppressed",
        *(f"  {warning}" for warning in found.warnings),
        *(f"  Stops here: {reason}" for reason in found.blocked),
    ]


def _dry_run_values(found: Any) -> dict[str, Any]:  # noqa: ANN401 - the account of one file
    return {
        "title": found.summary.title,
        "rows": found.rows_in,
        "mapped": found.mapped,
        "suppressed": found.summary.suppressed,
        "warnings": [str(warning) for warning in found.warnings],
        "blocked": [str(reason) for reason in found.blocked],
    }


def compare(options: Options, voice: Voice) -> int:
    """Compare the partners on a measure."""
    from collabdesk.services.sample.work import league

    with _closing(open_workspace(options.workspace)) as workspace:
        table = workspace.query(league, options.measure)
        voice.line(f"{table.measure.code}: {table.measure.name}")
        voice.line(table.finding)
        rows = []
        for row in table.rows:
            shown = row.flag.value if row.value is None else _figure(row.value)
            met = row.attainment.value if row.attainment else ""
            voice.line(f"  {row.name:<34} {shown:>10}  {met}  {row.change_words}")
            rows.append(
                {
                    "code": row.code,
                    "name": row.name,
                    "value": None if row.value is None else _figure(row.value),
                    "flag": row.flag.value,
                    "met": met,
                    "change": row.change_words,
                }
            )
        voice.result({"measure": options.measure, "finding": table.finding, "rows": rows})
    return FINE if table.rows else WRONG


def _figure(value: object) -> str:
    from collabdesk.services.metrics.compare import figure_text

    return figure_text(value)  # type: ignore[arg-type]


def inspect(options: Options, voice: Voice) -> int:
    """Show a file of the shared folder in readable form."""
    from collabdesk.services.membership import members
    from collabdesk.services.sharing.inspecting import inspect_file

    content = _content(options.file)
    people = {}
    if options.workspace:
        with _closing(open_workspace(options.workspace)) as workspace:
            people = dict(members(workspace.book))
    values = inspect_file(content, people)
    for name, value in values.items():
        if isinstance(value, list):
            voice.line(f"{name}:")
            for item in value:
                voice.line(f"  {item}")
        else:
            voice.line(f"{name}: {value}")
    voice.result(values)
    return FINE


def _content(path: Path) -> bytes:
    """Return a regular file's bytes, and no more than any file of a shared folder has."""
    try:
        # A pipe put there would make whoever looks at it wait for ever.
        if not path.is_file():
            path.stat()
            raise _cannot_read(path, "it is not a regular file")
        with path.open("rb") as file:
            return file.read(MAX_CHUNK)
    except OSError as error:
        raise _cannot_read(path, error.strerror or str(error)) from error


def _cannot_read(path: Path, reason: str) -> NotPossible:
    return NotPossible(
        code="cannot-read",
        words=f"{path} cannot be read: {reason}.",
        remedy="Check the name and that you may read it.",
        field="file",
    )


def verify(options: Options, voice: Voice) -> int:
    """Re-check every signature and chain, rebuild every table and compare."""
    from collabdesk.services.sharing.verify import verify as check

    with _closing(open_workspace(options.workspace)) as workspace:
        share = workspace.about.store
        store = open_store(share) if share else None
        found = check(workspace, store=store, progress=voice.progress)
        voice.line(
            f"{found.segments} change sets, {found.records} membership records, "
            f"{found.chunks} attached files, {found.tables} tables and {found.files} files of "
            "the shared folder checked."
        )
        if found.folder:
            voice.line(f"The shared folder was not checked. {found.folder}")
        for fault in found.faults:
            voice.line(f"WRONG: {fault}")
        voice.line("Everything is as it was signed." if found.sound else "Something is wrong.")
        voice.result(
            {
                "sound": found.sound,
                "segments": found.segments,
                "records": found.records,
                "chunks": found.chunks,
                "tables": found.tables,
                "files": found.files,
                "folder": found.folder,
                "state_root": found.state_root.hex(),
                "faults": found.faults,
            }
        )
    return FINE if found.sound else WRONG


def rebuild(options: Options, voice: Voice) -> int:
    """Work everything out again from the signed bytes."""
    with _closing(open_workspace(options.workspace)) as workspace:
        workspace.rebuild().result()
        voice.line("Every table was worked out again from the signed changes.")
        voice.result({"rebuilt": True})
    return FINE


def validate(options: Options, voice: Voice) -> int:
    """Run files of worked cases through the installed code."""
    from collabdesk.services.validation import passed, run_files

    reports = run_files(options.files, options.data)
    for report in reports:
        for line in report.words:
            voice.line(line)
    voice.result({"files": [report.plain for report in reports]})
    return FINE if passed(reports, allow_uncovered=options.allow_uncovered) else WRONG


class _closing:  # noqa: N801 - reads as a word of the language
    """Closes a workspace whatever happens."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __enter__(self) -> Workspace:
        return self.workspace

    def __exit__(self, *_: object) -> None:
        self.workspace.close()


def _founder(options: Options) -> Any:  # noqa: ANN401 - imported late for a quick start
    from collabdesk.services.membership import Founder

    return Founder(options.organisation, options.ods, options.role, options.laptop)


def _share(options: Options) -> str:
    """Return the shared folder's whole path: it is kept, and read from anywhere later."""
    return str(Path(options.share).absolute())


def _slot(options: Options) -> str:
    return str(options.slot or options.ods.lower())
