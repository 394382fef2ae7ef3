"""Start CollabDesk: the window without arguments, the command line with them."""

from __future__ import annotations

import sys


def main() -> int:
    """Run CollabDesk and return its exit code; an unsuitable Python is refused in words."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print("CollabDesk needs Python 3.11, 3.12 or 3.13.", file=sys.stderr)
        return 2
    from collabdesk.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
