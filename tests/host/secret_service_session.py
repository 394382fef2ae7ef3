"""Runs inside a private D-Bus session: unlock a real Secret Service, keep secrets, forget them.

usage: secret_service_session.py PROGRAM   (a copy of gnome-keyring-daemon)
"""

from __future__ import annotations

import json
import subprocess
import sys

from collabdesk.host.keyring_store import KeyringStore

SEED = bytes(range(32))


def unlock(program: str) -> None:
    """Start the keyring's daemon with an unlocked keyring of its own; it stays behind."""
    subprocess.run(
        [program, "--unlock", "--components=secrets"], input=b"only for this test\n", check=True
    )


def main() -> None:
    """Print as JSON what the keyring answered at each step."""
    unlock(sys.argv[1])
    store = KeyringStore()
    seen: dict[str, object] = {"described": store.describe(), "before": store.get("signing")}
    store.put("signing", SEED)
    store.put("sealing", SEED[::-1])
    again = KeyringStore()
    seen["kept"] = again.get("signing") == SEED and again.get("sealing") == SEED[::-1]
    again.put("signing", SEED + SEED)
    seen["replaced"] = store.get("signing") == SEED + SEED
    store.delete("signing")
    store.delete("signing")
    seen["forgotten"], seen["other left"] = again.get("signing"), again.get("sealing") == SEED[::-1]
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
