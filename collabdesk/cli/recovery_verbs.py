"""What the commands about the recovery key and the ledger's keeper do."""

from __future__ import annotations

import argparse
from pathlib import Path

from collabdesk.cli.opened import opened, shared
from collabdesk.errors import NotPossible, Refusal
from collabdesk.voice import Voice

FINE = 0

Options = argparse.Namespace


def recover(options: Options, voice: Voice) -> int:
    """Take a lost laptop's place by the printed recovery key, or make new keys."""
    from collabdesk.services.control import recovery

    if options.new_keys:
        return _new_keys(options, voice)
    with shared(options) as (workspace, _):
        if options.new:
            key = recovery.make_recovery_key()
            # Written first: a key that is listed and not on paper would be worth nothing.
            recovery.sheet(workspace, key).write(options.new)
            listed = recovery.list_recovery_key(workspace, key)
            voice.line(f"{listed.sentence} It is printed in {options.new}.")
            voice.result({"sheet": str(options.new), "in_force": listed.in_force})
            return FINE
        typed = options.rows or _sheet_text(options.sheet)
        choices = recovery.lost_choices(workspace, recovery.read_recovery_key(typed))
        lost = [d.key for d in choices if d.label.casefold() == options.lost.casefold()]
        done = recovery.use_recovery_key(workspace, typed, lost[0] if lost else None)
        voice.line(done.sentence)
        voice.result({"recovered": True, "in_force": done.in_force})
    return FINE


def _new_keys(options: Options, voice: Voice) -> int:
    from collabdesk.app import open_store
    from collabdesk.services.control.renewal import ask_anew

    with opened(options) as workspace:
        words = " ".join(ask_anew(workspace, open_store(workspace.about.store)))
        voice.line("This laptop has new keys. Read these eight words to your administrator, who")
        voice.line("enrols it in its own place:")
        voice.line(f"  {words}")
        voice.result({"laptop_words": words})
    return FINE


def keeper(options: Options, voice: Voice) -> int:
    """Say whose laptop keeps the ledger, lay it down, or hand it over."""
    from collabdesk.services.control import keeper as control
    from collabdesk.services.control.finding import laptop_named

    with shared(options) as (workspace, _):
        named = laptop_named(workspace, options.appoint, own=True) if options.appoint else None
        if options.lay_down:
            voice.line(control.release_ledger(workspace))
        if options.lost:
            voice.line(control.end_lost_term(workspace, named).sentence)
        elif named is not None:
            voice.line(control.appoint_keeper(workspace, named).sentence)
        now = control.keeping(workspace)
        voice.line(f"{now.laptop} keeps the ledger." + " It has laid it down." * now.laid_down)
        for line in control.appointments_by_one(workspace):
            voice.line(line)
        voice.result({"keeper": now.laptop, "term": now.term, "laid_down": now.laid_down})
    return FINE


def _sheet_text(path: Path | None) -> str:
    """Return the rows of a sheet kept as plain text: the lines that begin with a number."""
    if path is None:
        raise Refusal(
            code="no-rows",
            words="The rows of the recovery key are missing.",
            remedy="Type them with --rows, or name the text file of the sheet with --sheet.",
            field="recovery",
        )
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotPossible(
            code="cannot-read",
            words=f"{path} cannot be read as a sheet.",
            remedy="Type the rows with --rows.",
            field="recovery",
        ) from error
    return "\n".join(line for line in lines if line[:1].isdigit())
