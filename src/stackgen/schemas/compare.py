"""What `stackgen compare --json` prints."""

from __future__ import annotations

from typing import Annotated, TypedDict

from stackgen.advice.questionnaire import Questionnaire


class ComparedClaim(TypedDict):
    """What the article says on one thing."""

    id: str
    aspect: str
    sides: Annotated[dict[str, str | None], "By framework; null where the article is silent."]
    sections: Annotated[dict[str, str], "Number to title."]
    note: str | None


class ComparedAspect(TypedDict):
    """One heading of the comparison."""

    id: str
    title: str
    claims: list[ComparedClaim]


class Comparison(TypedDict):
    """All that the article says of the frameworks."""

    frameworks: Annotated[dict[str, str], "Id to name."]
    aspects: list[ComparedAspect]
    silent_on: Annotated[list[str], "What the article says nothing of."]


def comparison(questionnaire: Questionnaire) -> Comparison:
    """Return what is printed of the comparison."""
    return {
        "frameworks": dict(questionnaire.frameworks),
        "aspects": [
            {
                "id": aspect.id,
                "title": aspect.title,
                "claims": [_claim(claim_id, questionnaire) for claim_id in aspect.claims],
            }
            for aspect in questionnaire.comparison
        ],
        "silent_on": list(questionnaire.silent_on),
    }


def _claim(claim_id: str, questionnaire: Questionnaire) -> ComparedClaim:
    claim = questionnaire.claims[claim_id]
    return {
        "id": claim.id,
        "aspect": claim.aspect,
        "sides": {name: claim.sides.get(name) for name in questionnaire.frameworks},
        "sections": {name: questionnaire.sections[name] for name in claim.sections},
        "note": claim.note or None,
    }
