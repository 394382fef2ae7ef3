"""Make the pictures of docs/screens: the demonstration's story, then every page of the window."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from collabdesk.demo.account import Account
from collabdesk.demo.pictures import take
from collabdesk.demo.story import Story
from collabdesk.voice import Voice

HERE = Path(__file__).parent / "screens"


def main() -> int:
    """Tell the story in a folder of its own and take the pictures; 1 if the story went wrong."""
    account = Account(Voice(as_json=False))
    with tempfile.TemporaryDirectory(prefix="collabdesk-screens-") as home:
        desks = Story(Path(home), account).run()
        lead = desks.lead.workspace.folder
        desks.close()
        for picture in HERE.glob("*.png"):
            picture.unlink()
        taken = take(lead, HERE)
    print(f"{len(taken)} pictures in {HERE}")
    return 0 if account.sound else 1


if __name__ == "__main__":
    sys.exit(main())
