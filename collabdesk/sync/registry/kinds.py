"""The kinds of operation and the roles the first epoch grants.

The kinds of the membership in full came with version 2: a reader of version 1 holds them.
"""

from __future__ import annotations

from typing import Final

from collabdesk.sync.registry.model import Grant, OperationKind, Reach, RoleDeclaration, Verb

GROUP: Final = 0
INSERT: Final = 1
SET: Final = 2
DELETE: Final = 3
UNDELETE: Final = 4
RESOLVE: Final = 5
APPROVE: Final = 6
WITHDRAW: Final = 7
POST: Final = 8
RELEASE: Final = 9
BEACON: Final = 16
HEED: Final = 17
ADOPT: Final = 18

OPERATION_KINDS: Final = (
    OperationKind(GROUP, "group"),
    OperationKind(INSERT, "insert"),
    OperationKind(SET, "set"),
    OperationKind(DELETE, "delete"),
    OperationKind(UNDELETE, "undelete"),
    OperationKind(RESOLVE, "resolve"),
    OperationKind(APPROVE, "approve"),
    OperationKind(WITHDRAW, "withdraw"),
    OperationKind(POST, "post"),
    OperationKind(RELEASE, "release", since=2),
    OperationKind(BEACON, "beacon", since=2),
    OperationKind(HEED, "heed", since=2),
    OperationKind(ADOPT, "adopt", since=2),
)

_EDIT = Verb.INSERT | Verb.SET | Verb.DELETE | Verb.RESOLVE
_OURS = Reach.OWN | Reach.SHARED
_ANYBODY = Reach.OWN | Reach.SHARED | Reach.OTHERS
# Whoever reads a sealed value may let a new reader in: the grant stands in the reader's own scope.
_READING = Grant("reading", Verb.INSERT | Verb.DELETE, Reach.OWN)

ROLES: Final = (
    RoleDeclaration(
        1,
        "finance_lead",
        "Finance lead",
        (
            Grant("budgets", _EDIT, _OURS),
            Grant("ledger", Verb.INSERT | Verb.POST, Reach.OWN),
            _READING,
        ),
    ),
    RoleDeclaration(2, "qi_lead", "QI lead", (Grant("improvement", _EDIT, _OURS), _READING)),
    RoleDeclaration(
        3, "alliance_manager", "Alliance manager", (Grant("metrics", _EDIT, _OURS), _READING)
    ),
    RoleDeclaration(
        4, "programme_manager", "Programme manager", (Grant("pilots", _EDIT, _OURS), _READING)
    ),
    RoleDeclaration(
        5,
        "approver",
        "Approver",
        (
            Grant("budgets", Verb.APPROVE, _ANYBODY),
            Grant("pilots", Verb.APPROVE, _ANYBODY),
            _READING,
        ),
    ),
    RoleDeclaration(
        6, "administrator", "Workspace administrator", (Grant("sharing", _EDIT, _OURS), _READING)
    ),
    RoleDeclaration(
        7,
        "panel_member",
        "Panel member",
        (Grant("pilots", Verb.INSERT | Verb.SET | Verb.DELETE, Reach.OWN), _READING),
    ),
)
