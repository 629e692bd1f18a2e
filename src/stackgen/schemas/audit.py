"""What `stackgen audit --json` prints."""

from __future__ import annotations

from typing import Annotated, TypedDict

from stackgen.schemas.project import Error
from stackgen.team.audit import Audit
from stackgen.team.rules import Result, State


class AuditedRule(TypedDict):
    """A rule, and what came of it."""

    id: str
    state: State
    because: Annotated[str, "Why there is such a rule; or empty."]
    owner: Annotated[str, "Whom to ask; or empty."]
    link: Annotated[str, "Where more stands; or empty."]
    detail: Annotated[str, "What was found; empty where all is well."]


class AuditedRepository(TypedDict):
    """A repository held against a standard."""

    path: Annotated[str | None, "Its directory, absolute; null where the call failed before."]
    standard: Annotated[str | None, "The address of the standard; null where there is none."]
    commit: Annotated[str | None, "The commit of it; null likewise."]
    rules: list[AuditedRule]
    error: Error


def audit_result(audits: list[Audit]) -> list[AuditedRepository]:
    """Return what is printed of repositories."""
    found: list[AuditedRepository] = []
    for audit in audits:
        recorded = audit.edition.recorded if audit.edition else None
        found.append(
            {
                "path": str(audit.path),
                "standard": recorded.url if recorded else None,
                "commit": recorded.commit if recorded else None,
                "rules": [_rule(result) for result in audit.results],
                "error": audit.error,
            }
        )
    return found


def failed_audit(message: str) -> list[AuditedRepository]:
    """Return what is printed of a call that failed before any repository was looked at."""
    return [{"path": None, "standard": None, "commit": None, "rules": [], "error": message}]


def _rule(result: Result) -> AuditedRule:
    return {
        "id": result.id,
        "state": result.state,
        "because": result.reason.because,
        "owner": result.reason.owner,
        "link": result.reason.link,
        "detail": result.detail,
    }
