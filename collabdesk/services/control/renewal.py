"""New keys for a laptop: it asks to be enrolled as its own successor, and keeps its work.

For a copy that may sign no more, a key store that lost the keys, or keys that should change.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.about import About, make_incarnation
from collabdesk.services.control.unsaid import keep_unsaid
from collabdesk.services.making import request_of
from collabdesk.services.membership import Founder
from collabdesk.services.restored import COPIED, LOST
from collabdesk.services.secrets import make_keys
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.enrolment import laptop_words
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.join import write_join
from collabdesk.sync.names import join_path
from collabdesk.sync.stores.port import Store


def ask_anew(workspace: Workspace, store: Store) -> tuple[str, ...]:
    """Make new keys and ask to be enrolled with them; return the words to read out.

    What can still be sent under the old keys is sent first. What cannot be signed any more is
    kept, and said again as soon as the administrator has enrolled this laptop in its own place.
    """
    with suppress(NotPossible, Refusal):
        share(workspace, store)
    fresh = make_keys()
    about = replace(workspace.about, key=fresh.public, incarnation=make_incarnation())
    request = request_of(_founder(about), about.workspace, fresh)
    content = write_join(request, fresh.signing)
    secrets = workspace.secrets.successor(about.workspace, fresh)
    old = workspace.about.key

    def switch() -> None:
        with workspace.database.write() as connection:
            replica = SqliteReplica(connection, about.slot)
            keep_unsaid(connection, replica, old)
            for setting in (COPIED, LOST):
                replica.set_setting(setting, b"")
            replica.set_setting("join_request", content)
            replica.set_setting("about", about.to_json())
            replica.put_out(join_path(about.slot, about.key), content)
        workspace.begin_anew(about, secrets)
        workspace.rebuild_now()

    workspace.threads.write(switch).result()
    share(workspace, store)
    return laptop_words(workspace)


def _founder(about: About) -> Founder:
    return Founder(about.organisation_name, about.ods, about.person, about.label)
