"""An audit in words, as Markdown, and as SARIF for what shows findings beside code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stackgen.foreign_text import one_line
from stackgen.team.audit import Audit
from stackgen.team.rules import Result
from stackgen.text.markdown import cell, escaped, row

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_ADDRESS = re.compile(r"https://[^\s<>|\\]+")
_SHORT = 12
"""How many digits of a commit are shown."""


def audit_text(audit: Audit) -> str:
    """Return what came of one repository: what fails or is excepted, and a count of the rest."""
    if audit.error:
        return one_line(f"{audit.path}: {audit.error}")
    lines = [f"{audit.path}: {_standard(audit)}; {_tally(audit)}"]
    for result in _told(audit):
        lines.append(f"  {result.state:<9} {result.id}  {result.detail}")
        if why := _why(result):
            lines.append(f"            {why}")
    return "\n".join(map(one_line, lines))


def audit_markdown(audits: Sequence[Audit]) -> str:
    """Return a table of all of them, and what fails below it."""
    lines = ["| repository | standard | rules |", "| --- | --- | --- |"]
    for audit in audits:
        said = audit.error or _tally(audit)
        cells = (str(audit.path), _standard(audit), said)
        lines.append(row(map(cell, cells)))
    for audit in audits:
        told = list(_told(audit))
        if told:
            lines += ["", f"## {escaped(str(audit.path))}", "", "| rule | state | found | why |"]
            lines.append("| --- | --- | --- | --- |")
        for result in told:
            found = (result.id, result.state, result.detail, _because(result))
            *first, why = map(cell, found)
            lines.append(row([*first, f"{why} {_link(result)}".strip()]))
    return "\n".join(lines)


def audit_sarif(audits: Sequence[Audit], version: str) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log: a run for each repository.

    Args:
        audits: What came of each.
        version: The version of stackgen.
    """
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [_run(each, version) for each in audits]}


def _run(audit: Audit, version: str) -> dict[str, Any]:
    rules = []
    for result in audit.results:
        rule: dict[str, Any] = {"id": result.id}
        if result.reason.because:
            rule["shortDescription"] = {"text": result.reason.because}
        if result.reason.link:
            rule["helpUri"] = result.reason.link
        rules.append(rule)
    told = list(_told(audit))
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "stackgen", "version": version, "rules": rules}},
        "originalUriBaseIds": {"REPOSITORY": {"uri": f"{_absolute(audit.path).as_uri()}/"}},
        "results": [
            _sarif_result(result, number)
            for number, result in enumerate(audit.results)
            if result in told
        ],
    }
    if audit.error:
        notes = [{"level": "error", "message": {"text": audit.error}}]
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": notes}]
    return run


def _absolute(path: Path) -> Path:
    """Return a path that can be an address, also where the current directory is gone."""
    return Path("/") / path


def _sarif_result(result: Result, number: int) -> dict[str, Any]:
    place = {"uri": quote(result.file), "uriBaseId": "REPOSITORY"}
    found: dict[str, Any] = {
        "ruleId": result.id,
        "ruleIndex": number,
        "level": "error",
        "message": {"text": " ".join(filter(None, (result.detail, _why(result))))},
        "locations": [{"physicalLocation": {"artifactLocation": place}}],
    }
    if result.state == "excepted":
        found["suppressions"] = [{"kind": "inSource", "justification": result.detail}]
    return found


def _told(audit: Audit) -> Iterator[Result]:
    return (each for each in audit.results if each.state in {"failed", "expired", "excepted"})


def _standard(audit: Audit) -> str:
    if audit.edition is None:
        return "no standard"
    recorded = audit.edition.recorded
    return f"{audit.edition.standard.name} {recorded.commit[:_SHORT] if recorded else ''}".rstrip()


def _tally(audit: Audit) -> str:
    counts = Counter(result.state for result in audit.results)
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no rules"


def _why(result: Result) -> str:
    return " ".join(filter(None, (_because(result), result.reason.link)))


def _because(result: Result) -> str:
    reason = result.reason
    because = f"{reason.because.rstrip('.')}." if reason.because else ""
    asked = f"Ask {reason.owner}." if reason.owner else ""
    return " ".join(filter(None, (because, asked)))


def _link(result: Result) -> str:
    """Return where more stands, as a link that can be followed."""
    link = result.reason.link
    return f"<{link}>" if _ADDRESS.fullmatch(link) else escaped(link)
