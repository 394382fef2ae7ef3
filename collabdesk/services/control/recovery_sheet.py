"""The sheet a recovery key is printed on."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collabdesk.host.atomic_file import write_whole
from collabdesk.services.recovery_key import RecoveryKey
from collabdesk.services.workspace import Workspace
from collabdesk.sync import words

_POWER: Final = (
    "Who holds it can sign for the trust in this workspace and read its confidential figures."
)
_USE: Final = (
    "If the only laptop is lost: install CollabDesk on another one, join the workspace by its "
    "eight words, share, choose “We lost our laptop” in Sharing, and type the rows below."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: for which trust and workspace, and the rows of the key."""

    organisation: str
    workspace: str
    workspace_words: tuple[str, ...]
    rows: tuple[str, ...]
    day: str

    @property
    def title(self) -> str:
        """The heading of the sheet."""
        return f"Recovery key of {self.organisation}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the sheet says about itself."""
        return (
            f"Workspace: {self.workspace}. Its eight words: {' '.join(self.workspace_words)}.",
            f"Made on {self.day}. There is no other copy: CollabDesk has kept none.",
            "Keep it as you keep the trust's seal: locked away, apart from every laptop.",
            _POWER,
            _USE,
        )

    def text(self) -> str:
        """Return the sheet as plain text, ready to print."""
        return "\n\n".join((self.title, *self.sentences, "\n".join(self.rows))) + "\n"

    def page(self) -> str:
        """Return the sheet as a page, ready to print."""
        said = "".join(f"<p>{html.escape(line)}</p>\n" for line in self.sentences)
        rows = "".join(
            f"<li><code>{html.escape(_unnumbered(row))}</code></li>\n" for row in self.rows
        )
        title = html.escape(self.title)
        return (
            '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
            f"<title>{title}</title></head>\n<body><h1>{title}</h1>\n{said}<ol>\n{rows}</ol>\n"
            "</body></html>\n"
        )

    def write(self, path: Path) -> None:
        """Write the sheet where the person chose, as a page or, for .txt, as plain text."""
        content = self.text() if path.suffix.lower() == ".txt" else self.page()
        write_whole(path, content.encode())


def sheet(workspace: Workspace, key: RecoveryKey) -> Sheet:
    """Return what is printed for a workspace that was just founded or asked to join."""
    return Sheet(
        organisation=workspace.about.organisation_name,
        workspace=workspace.about.name,
        workspace_words=words.words_of(workspace.about.workspace),
        rows=key.rows,
        day=f"{workspace.clock.today():%d %B %Y}",
    )


def _unnumbered(row: str) -> str:
    return row.split(" ", 1)[1]
