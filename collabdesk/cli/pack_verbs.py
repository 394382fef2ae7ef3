"""The board pack from the command line: the service and the refusals of the window."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collabdesk.cli.opened import opened
from collabdesk.errors import Refusal
from collabdesk.voice import Voice

if TYPE_CHECKING:
    from collabdesk.services.budgets.papers.pack_asked import Draws, PackReader
    from collabdesk.services.workspace import Workspace
    from collabdesk.storage.queries.authors import Author

FINE: Final = 0


def pack(options: argparse.Namespace, voice: Voice) -> int:
    """Write the board pack of a year's closed month to a file."""
    from collabdesk.services.budgets.papers.exporting import export_pack
    from collabdesk.services.budgets.papers.pack_asked import PackAsked

    key = _format(options.file)
    asked = PackAsked.of(
        options.since, options.decision, share=options.confidential, month=options.month
    )
    with opened(options) as workspace:
        year = options.year or _newest(workspace)
        reader = _reader(workspace)

        def told(words: str, _done: int, _of: int) -> None:
            voice.progress(words)

        path = options.file.absolute()
        written = workspace.query(export_pack, year, asked, reader, key, path, told)
    voice.line(f"{written.words}.")
    voice.result({"file": str(path), "year": year, "lines": written.rows, "stamp": written.stamp})
    return FINE


def _format(file: Path) -> str:
    """Return the pack's format that a file's name ends in; Refusal if it is none."""
    from collabdesk.services.budgets.papers.export_formats import PACK_FORMATS

    found = {one.ending: one.key for one in PACK_FORMATS}
    if file.suffix.lower() not in found:
        raise Refusal(
            code="unknown-ending",
            words=f"A board pack is not written as “{file.suffix or file.name}”.",
            remedy=f"Let the name of the file end in {', '.join(found)}.",
            field="file",
        )
    return found[file.suffix.lower()]


def _newest(workspace: Workspace) -> str:
    from collabdesk.services.budgets.papers.pack_asked import paper_years

    years = workspace.query(paper_years)
    if not years:
        raise Refusal(
            code="nothing_posted",
            words="Nothing is posted yet, so there is no board pack to make.",
            remedy="Agree a version of the budget first.",
            field="year",
        )
    return years[0].fiscal_year


def _reader(workspace: Workspace) -> PackReader:
    from collabdesk.services.budgets.papers.pack_asked import PackReader
    from collabdesk.services.membership import members

    people = members(workspace.book)

    def named(author: Author) -> str:
        member = people.get(author.device)
        return f"{member.role}, {member.organisation_name}" if member else "An unknown laptop"

    today = workspace.clock.today()
    return PackReader(workspace.opener(), workspace.me, named, today, _charts)


def _charts() -> Draws:
    from collabdesk.charts.board_charts import BoardCharts
    from collabdesk.host.paths import resource

    return BoardCharts(json.loads(resource("theme/tokens.json").read_text("utf-8")))
