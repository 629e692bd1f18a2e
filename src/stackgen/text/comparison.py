"""What the article says of both sides, and what is asked, in words for people."""

from __future__ import annotations

from stackgen.advice.questionnaire import Aspect, Claim, Questionnaire
from stackgen.text.layout import Item, Section, as_markdown, as_text, listed

_SILENT = "The article says nothing about it."


def comparison_text(questionnaire: Questionnaire, *, width: int = 80, colour: bool = False) -> str:
    """Return what the article says of both sides, aspect by aspect, for a terminal."""
    return as_text(_comparison(questionnaire), width=width, colour=colour)


def comparison_markdown(questionnaire: Questionnaire) -> str:
    """Return the comparison as a Markdown table, a row a claim."""
    names = questionnaire.frameworks
    rows = [["Aspect", *names.values(), "Where"], ["---"] * (len(names) + 2)]
    for aspect, claim in _claims(questionnaire):
        sides = [claim.sides.get(name, _SILENT) for name in names]
        rows.append([_heading(aspect, claim), *sides, _where(claim)])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    notes = "\n".join(f"- {claim.note}" for _, claim in _claims(questionnaire) if claim.note)
    head, silent = _comparison_frame(questionnaire)
    return as_markdown([head]) + f"\n{table}\n\n{notes}\n\n{silent.paragraphs[0]}\n"


def questions_text(questionnaire: Questionnaire, *, width: int = 80, colour: bool = False) -> str:
    """Return every question with its choices and what each speaks for, for a terminal."""
    return as_text(_questions(questionnaire), width=width, colour=colour)


def _comparison(questionnaire: Questionnaire) -> list[Section]:
    head, silent = _comparison_frame(questionnaire)
    sections = [
        Section(_heading(aspect, claim), items=tuple(_sides(claim, questionnaire)))
        for aspect, claim in _claims(questionnaire)
    ]
    return [head, *sections, silent]


def _comparison_frame(questionnaire: Questionnaire) -> tuple[Section, Section]:
    """Return what stands above and below the comparison."""
    names = list(questionnaire.frameworks.values())
    source = (
        f'What the article "{questionnaire.article}" says, in other words, and the sections that '
        "say it."
    )
    return (
        Section(f"{listed(names)}, aspect by aspect", (source,)),
        Section("Not compared", (f"The article is silent on {listed(questionnaire.silent_on)}.",)),
    )


def _claims(questionnaire: Questionnaire) -> list[tuple[Aspect, Claim]]:
    return [
        (aspect, questionnaire.claims[claim_id])
        for aspect in questionnaire.comparison
        for claim_id in aspect.claims
    ]


def _heading(aspect: Aspect, claim: Claim) -> str:
    same = len(aspect.claims) == 1
    return aspect.title if same else f"{aspect.title}: {claim.aspect.lower()}"


def _where(claim: Claim) -> str:
    return f"{claim.id}: {', '.join(claim.sections)}"


def _sides(claim: Claim, questionnaire: Questionnaire) -> list[Item]:
    """Return what is said of each side, once where it is the same, and where that stands."""
    names = questionnaire.frameworks
    texts = {name: claim.sides.get(id_, _SILENT) for id_, name in names.items()}
    if len(set(texts.values())) == 1:
        texts = {"Both": next(iter(texts.values()))}
    last = f"{_where(claim)}. {claim.note}" if claim.note else _where(claim)
    notes = [""] * (len(texts) - 1) + [last]
    return [Item(text, note, name) for (name, text), note in zip(texts.items(), notes, strict=True)]


def _questions(questionnaire: Questionnaire) -> list[Section]:
    names = questionnaire.frameworks
    return [
        Section(
            f"{question.id}: {question.text}",
            (question.help,),
            tuple(
                Item(
                    f"{choice.id}: {choice.label}",
                    note=", ".join(f"{names[id_]} +{n}" for id_, n in choice.points.items()),
                )
                for choice in question.choices
            ),
        )
        for question in questionnaire.questions
    ]
