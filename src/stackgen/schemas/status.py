"""What `stackgen status --json` prints."""

from __future__ import annotations

import json
import textwrap
from typing import Annotated, NotRequired, TypedDict

from stackgen.fleet.forecast import Forecast, ForecastState
from stackgen.fleet.survey import Status, Tally
from stackgen.project.drift import DriftState
from stackgen.project.exceptions import RuleException
from stackgen.project.standard_record import RecordedStandard
from stackgen.schemas.project import Error, Follows, follows, installed_tag


class ComparedFile(TypedDict):
    """A file of the template, and how the project has it."""

    path: Annotated[str, "Relative to the project, with `/`."]
    state: DriftState


class FollowedStandard(TypedDict):
    """The standard of a team that a project follows."""

    url: str
    commit: str
    behind: Annotated[bool | None, "Whether there is a later one; null where it is not known."]


class FailedRule(TypedDict):
    """A rule of its standard that a project fails."""

    rule: Annotated[str, "The id of the rule."]
    detail: Annotated[str, "What was found."]


class ClaimedException(TypedDict):
    """A rule of a team that a project does not follow, and says so."""

    rule: Annotated[str, "The id of the rule."]
    because: str
    until: Annotated[str | None, "The last day on which that holds, such as 2027-03-31."]


class ForecastResult(TypedDict):
    """How an update would end."""

    state: ForecastState
    conflicts: Annotated[list[str], "Paths of the files that a person would have to finish."]
    reason: Annotated[str | None, "Why it would be refused."]


class ProjectStatus(Follows):
    """A project compared to the template of its version."""

    lag: Annotated[int | None, "How many releases came since; null where that is not known."]
    files: Annotated[list[ComparedFile], "Every file that the template rendered, by path."]
    conflicts: Annotated[list[str], "Always empty: as in the result of `update`."]
    standard: FollowedStandard | None
    rules: Annotated[list[FailedRule], "The rules of its standard that fail: see `audit`."]
    exceptions: list[ClaimedException]
    forecast: NotRequired[Annotated[ForecastResult, "With `--forecast` alone."]]
    error: Error


class StatusDocument:
    """The result as a text, made of one project after another: whole objects would take memory."""

    def __init__(self) -> None:
        """Begin without a project."""
        self._entries: list[str] = []

    def add(self, status: Status) -> str:
        """Take a project; all is printed at the end."""
        self._entries.append(textwrap.indent(json.dumps(project_status(status), indent=2), "  "))
        return ""

    def end(self, _tally: Tally) -> str:
        """Return the whole."""
        entries = ",\n".join(self._entries)
        return f"[\n{entries}\n]" if entries else "[]"


def project_status(status: Status) -> ProjectStatus:
    """Return what is printed of a project."""
    drift = status.drift
    result = _empty(
        follows(str(drift.path), drift.from_tag, drift.to_tag, behind=drift.behind), drift.error
    )
    result["lag"] = drift.releases
    result["files"] = [{"path": file.path, "state": file.state} for file in drift.files]
    result["standard"] = _standard(drift.standard, status.standard_behind)
    result["rules"] = [{"rule": each.id, "detail": each.detail} for each in status.rules]
    result["exceptions"] = [_exception(each) for each in drift.exceptions]
    if status.forecast:
        result["forecast"] = _forecast(status.forecast)
    return result


def failed_status(message: str) -> list[ProjectStatus]:
    """Return what is printed where no project could be looked at."""
    return [_empty(follows(None, "", installed_tag(), behind=False), message)]


def _empty(known: Follows, error: str | None) -> ProjectStatus:
    """Return what is printed of a project of which no more is known."""
    return {
        "path": known["path"],
        "from": known["from"],
        "to": known["to"],
        "behind": known["behind"],
        "lag": None,
        "files": [],
        "conflicts": [],
        "standard": None,
        "rules": [],
        "exceptions": [],
        "error": error,
    }


def _standard(standard: RecordedStandard | None, behind: bool | None) -> FollowedStandard | None:
    if standard is None:
        return None
    return {"url": standard.url, "commit": standard.commit, "behind": behind}


def _exception(each: RuleException) -> ClaimedException:
    until = each.until.isoformat() if each.until else None
    return {"rule": each.rule, "because": each.because, "until": until}


def _forecast(forecast: Forecast) -> ForecastResult:
    return {
        "state": forecast.state,
        "conflicts": list(forecast.conflicts),
        "reason": forecast.reason,
    }
