"""A recommendation, in words for people."""

from __future__ import annotations

from collections.abc import Iterable

from stackgen.advice.precedents import Similar
from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.recommendation import Flip, Recommendation
from stackgen.text.layout import Item, Section, as_markdown, as_text, listed


def recommendation_text(
    recommendation: Recommendation,
    questionnaire: Questionnaire,
    *,
    width: int = 80,
    colour: bool = False,
) -> str:
    """Return all there is to say about a recommendation, for a terminal."""
    return as_text(_recommendation(recommendation, questionnaire), width=width, colour=colour)


def recommendation_markdown(recommendation: Recommendation, questionnaire: Questionnaire) -> str:
    """Return the same as `recommendation_text`, as Markdown."""
    return as_markdown(_recommendation(recommendation, questionnaire))


def _recommendation(recommendation: Recommendation, questionnaire: Questionnaire) -> list[Section]:
    # The side recommended comes first; without one, the order of the questionnaire.
    sides = sorted(questionnaire.frameworks, key=lambda name: name != recommendation.framework)
    sections = [
        _summary(recommendation, questionnaire),
        *(_side(name, recommendation, questionnaire) for name in sides if recommendation.answers),
        _tensions(recommendation),
        _changes(recommendation, questionnaire),
        _precedents(recommendation, questionnaire),
        _limits(recommendation),
    ]
    return [section for section in sections if section.paragraphs or section.items]


def _summary(recommendation: Recommendation, questionnaire: Questionnaire) -> Section:
    names = questionnaire.frameworks
    points = ", ".join(f"{name} {recommendation.points[id_]}" for id_, name in names.items())
    tally = (f"Points: {points}.",) if recommendation.answers else ()
    chosen = recommendation.framework
    if chosen is None:
        title = f"No recommendation ({_band(recommendation.band)})"
        return Section(title, (_undecided(recommendation, questionnaire), *tally))
    name = names[chosen]
    other = next(name for id_, name in names.items() if id_ != chosen)
    sentence = {
        "strong": f"Your answers point clearly to {name}.",
        "lean": f"Your answers lean to {name}. Teams with needs like yours choose {other} too.",
        "near-tie": (
            f"It is close: your answers give {name} a slight edge and no more. A single answer "
            f"given otherwise would make both sides even, or put {other} ahead. "
            "Take the one you would rather work with."
        ),
    }[recommendation.band]
    if recommendation.band == "lean" and abs(recommendation.score) >= questionnaire.strong:
        sentence += (
            f" The points alone would make it strong, but {_ids(questionnaire.deciding)} "
            "point opposite ways, and by the article they are what decides."
        )
    return Section(f"Recommendation: {name} ({_band(recommendation.band)})", (sentence, *tally))


def _undecided(recommendation: Recommendation, questionnaire: Questionnaire) -> str:
    """Return that the answers do not decide, and what would."""
    if recommendation.band != "not-enough":
        return (
            "Your answers do not decide: both sides weigh the same. "
            "Take the one you would rather work with."
        )
    if recommendation.answers.keys() & set(questionnaire.deciding):
        weights = {question.id: question.weight for question in questionnaire.questions}
        heaviest = sorted(recommendation.unanswered, key=lambda id_: -weights[id_])
        return (
            "Your answers do not decide: they cover less than half of what counts. "
            f"What would help most: {_ids(heaviest[:3])}."
        )
    start = "Your answers do not decide." if recommendation.answers else "Nothing is answered yet."
    return (
        f"{start} By the article, size, complexity and the style of development are what decides: "
        f"start with {_ids(questionnaire.deciding)}."
    )


def _side(framework: str, recommendation: Recommendation, questionnaire: Questionnaire) -> Section:
    name = questionnaire.frameworks[framework]
    reasons = [reason for reason in recommendation.reasons if reason.framework == framework]
    if not reasons:
        return Section(f"For {name}", (f"Nothing you answered speaks for {name}.",))
    items = [
        Item(
            text=reason.text,
            note=f"{reason.question}={reason.choice}; {reason.claims[0]}, {reason.section}",
            mark=f"+{reason.points}",
        )
        for reason in reasons
    ]
    return Section(f"For {name}", items=tuple(items))


def _tensions(recommendation: Recommendation) -> Section:
    items = [
        Item(tension.text, note=_answers(tension.questions, recommendation))
        for tension in recommendation.tensions
    ]
    return Section("Answers that pull against each other", items=tuple(items))


def _changes(recommendation: Recommendation, questionnaire: Questionnaire) -> Section:
    title = "What would change it" if recommendation.framework else "What would decide it"
    if recommendation.flips:
        items = (_flip(flip, recommendation, questionnaire) for flip in recommendation.flips)
        return Section(title, items=tuple(items))
    if recommendation.framework:
        return Section(title, ("Nothing plausible: no other answer does, and no two of them.",))
    if recommendation.answers:
        return Section(title, ("No single answer and no two of them: it takes more.",))
    return Section(title)


def _flip(flip: Flip, recommendation: Recommendation, questionnaire: Questionnaire) -> Item:
    questions, notes = [], []
    for question_id, choice_id in sorted(flip.changes.items()):
        question = questionnaire.question(question_id)
        questions.append(f"{question.text} {question.choice(choice_id).label}.")
        present = recommendation.answers.get(question_id)
        state = f"instead of {present}" if present else "not answered yet"
        notes.append(f"{question_id}={choice_id}, {state}")
    name = questionnaire.frameworks[flip.framework]
    asked = " And: ".join(questions)
    return Item(f"{asked} Then it would be {name} ({_band(flip.band)}).", note="; ".join(notes))


def _precedents(recommendation: Recommendation, questionnaire: Questionnaire) -> Section:
    items = [_precedent(one, questionnaire) for one in recommendation.precedents]
    other = recommendation.other_precedent
    if other:
        items.append(_precedent(other, questionnaire))
    facts = (
        "What others with needs like these took when they began. These are facts about others, not "
        "votes: no point depends on them. 1 is alike in all that both answer."
    )
    return Section("Precedents", (facts,) if items else (), tuple(items))


def _precedent(one: Similar, questionnaire: Questionnaire) -> Item:
    year = f" ({one.year})" if one.year else ""
    name = questionnaire.frameworks.get(one.framework, one.framework)
    return Item(f"{name}: {one.repository}{year}, {one.what}.", note=f"{one.similarity:.2f} alike")


def _limits(recommendation: Recommendation) -> Section:
    counted = {reason.question for reason in recommendation.reasons}
    neither = [question for question in sorted(recommendation.answers) if question not in counted]
    paragraphs = []
    if neither:
        paragraphs.append(
            f"Answered, but speaking for neither: {_answers(neither, recommendation)}."
        )
    if recommendation.unanswered and recommendation.answers:
        paragraphs.append(
            f"Not answered, so counted for neither: {', '.join(recommendation.unanswered)}."
        )
    paragraphs.append(
        f"The article is silent on {listed(recommendation.silent_on)}. "
        "If one of these matters to you, weigh it yourself."
    )
    if recommendation.framework:
        paragraphs.append("The choice is yours: take the other one, and the record will say so.")
    return Section("What did not count", tuple(paragraphs))


def _answers(questions: Iterable[str], recommendation: Recommendation) -> str:
    return ", ".join(f"{id_}={recommendation.answers[id_]}" for id_ in questions)


def _band(band: str) -> str:
    return band.replace("-", " ")


def _ids(ids: Iterable[str]) -> str:
    return listed([f"`{one}`" for one in ids])
