"""The kinds of operation and the roles the first epoch grants.

A kind without behaviour in this build is introduced in version 2: an operation
that uses it honestly is held, one that claims version 1 is refused.
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

ROLES: Final = (
    RoleDeclaration(
        1,
        "finance_lead",
        "Finance lead",
        (
            Grant("budgets", _EDIT, _OURS),
            Grant("ledger", Verb.INSERT | Verb.POST, Reach.OWN),
        ),
    ),
    RoleDeclaration(2, "qi_lead", "QI lead", (Grant("improvement", _EDIT, _OURS),)),
    RoleDeclaration(3, "alliance_manager", "Alliance manager", (Grant("metrics", _EDIT, _OURS),)),
    RoleDeclaration(4, "programme_manager", "Programme manager", (Grant("pilots", _EDIT, _OURS),)),
    RoleDeclaration(
        5,
        "approver",
        "Approver",
        (
            Grant("budgets", Verb.APPROVE, _ANYBODY),
            Grant("pilots", Verb.APPROVE, _ANYBODY),
        ),
    ),
    RoleDeclaration(
        6, "administrator", "Workspace administrator", (Grant("sharing", _EDIT, _OURS),)
    ),
)
