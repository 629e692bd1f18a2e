"""A recommendation, in words for people."""

from __future__ import annotations

from collections.abc import Iterable

from stackgen.advice.flips import Flip
from stackgen.advice.precedents import Similar
from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.recommendation import Judgement, Reason, Recommendation
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


def reasons_for(framework: str, recommendation: Recommendation) -> tuple[Reason, ...]:
    """Return what speaks for one framework, by points and then by the weight of the question."""
    return tuple(reason for reason in recommendation.reasons if reason.framework == framework)


def judgement_text(judgement: Judgement, recommendation: Recommendation) -> str:
    """Return what weighs in a near tie, and that it goes against the points where it does."""
    against = {judgement.framework, recommendation.framework} == set(recommendation.points)
    return f"What weighs{' more than that' if against else ''}: {judgement.text}"


def _recommendation(recommendation: Recommendation, questionnaire: Questionnaire) -> list[Section]:
    # The side recommended comes first; without one, the order of the questionnaire.
    sides = sorted(questionnaire.frameworks, key=lambda name: name != recommendation.framework)
    sections = [
        _summary(recommendation, questionnaire),
        _caveats(recommendation),
        *(_side(name, recommendation, questionnaire) for name in sides if recommendation.answers),
        _tensions(recommendation),
        _changes(recommendation),
        _precedents(recommendation, questionnaire),
        _limits(recommendation),
    ]
    return [section for section in sections if section.paragraphs or section.items]


def _summary(recommendation: Recommendation, questionnaire: Questionnaire) -> Section:
    names = questionnaire.frameworks
    points = ", ".join(f"{name} {recommendation.points[id_]}" for id_, name in names.items())
    paragraphs = [f"{_by(questionnaire)} {verdict_text(recommendation, questionnaire)}"]
    if recommendation.judgement:
        paragraphs.append(judgement_text(recommendation.judgement, recommendation))
    if recommendation.answers:
        paragraphs.append(f"Points: {points}.")
    return Section(title_text(recommendation, questionnaire), tuple(paragraphs))


def title_text(recommendation: Recommendation, questionnaire: Questionnaire) -> str:
    """Return what is recommended and how clearly, as a heading."""
    name = questionnaire.frameworks.get(recommendation.framework or "")
    if recommendation.band == "near-tie":
        ahead = f"{name} ahead by {abs(recommendation.score)}" if name else "both sides even"
        return f"Near tie: {ahead}"
    band = recommendation.band.replace("-", " ")
    return f"Recommendation: {name} ({band})" if name else f"No recommendation ({band})"


def _by(questionnaire: Questionnaire) -> str:
    return f'By the article "{questionnaire.article}",'


def verdict_text(recommendation: Recommendation, questionnaire: Questionnaire) -> str:
    """Return what the answers come to, as the rest of a sentence that names the article."""
    if recommendation.band == "not-enough":
        return _not_enough(recommendation, questionnaire)
    if recommendation.framework is None:
        return "your answers do not decide: what speaks for either side weighs the same."
    name = questionnaire.frameworks[recommendation.framework]
    other = next(each for each in questionnaire.frameworks.values() if each != name)
    if recommendation.band == "strong":
        return f"your answers point clearly to {name}."
    if recommendation.band == "lean":
        teams = f"Teams with needs like yours choose {other} too."
        return f"your answers lean to {name}. {teams}{_guard(recommendation, questionnaire)}"
    distance = abs(recommendation.score)
    points = f"{distance} point{'s' if distance > 1 else ''}"
    return (
        f"it is close: {name} is {points} ahead. A single answer given otherwise would make "
        f"both sides even, or put {other} ahead."
    )


def _guard(recommendation: Recommendation, questionnaire: Questionnaire) -> str:
    """Return why a lean is no more than that, where it is not for its points alone."""
    deciding = questionnaire.deciding
    if not recommendation.answers.keys() & set(deciding):
        return (
            f" What is missing is {_topics(deciding, questionnaire)}: these decide, and without "
            "them it is a lean at most."
        )
    if abs(recommendation.score) >= questionnaire.strong:
        return (
            f" The points alone would make it strong, but {_ids(deciding)} point opposite ways, "
            "and they are what decides."
        )
    return ""


def _not_enough(recommendation: Recommendation, questionnaire: Questionnaire) -> str:
    """Return why the answers do not decide, and what would; nobody is sent to what they passed."""
    deciding = questionnaire.deciding
    still_open = [q for q in recommendation.unanswered if q not in recommendation.passed]
    if not recommendation.answers and not recommendation.passed:
        return (
            "size, complexity and the style of development are what decides. Nothing is answered "
            f"yet: start with {_ids(deciding)}."
        )
    start = "your answers do not decide:"
    if not recommendation.answers.keys() & set(deciding):
        if unsaid := [question for question in deciding if question in still_open]:
            return (
                f"{start} size, complexity and the style of development are what does. "
                f"Start with {_ids(unsaid)}."
            )
        start += (
            f" without {_topics(deciding, questionnaire)} it takes {questionnaire.blind_distance} "
            "points between the two sides, from half of what else counts."
        )
    else:
        start += " they cover less than half of what counts."
    if not still_open:
        return f"{start} The rest you do not know yet, and until then the article cannot help."
    heaviest = sorted(still_open, key=lambda id_: -questionnaire.question(id_).weight)
    return f"{start} What would help most: {_ids(heaviest[:3])}."


def _caveats(recommendation: Recommendation) -> Section:
    items = [
        Item(caveat.text, note=_answers(caveat.questions, recommendation))
        for caveat in recommendation.caveats
    ]
    return Section("What the article cannot weigh", items=tuple(items))


def _side(framework: str, recommendation: Recommendation, questionnaire: Questionnaire) -> Section:
    name = questionnaire.frameworks[framework]
    reasons = reasons_for(framework, recommendation)
    if not reasons:
        return Section(f"For {name}", (f"Nothing you answered speaks for {name}.",))
    items = [
        Item(reason.text, note=f"{reason.question}={reason.choice}", mark=f"+{reason.points}")
        for reason in reasons
    ]
    return Section(f"For {name}", items=tuple(items))


def _tensions(recommendation: Recommendation) -> Section:
    items = [
        Item(tension.text, note=_answers(tension.questions, recommendation))
        for tension in recommendation.tensions
    ]
    return Section("Answers that pull against each other", items=tuple(items))


def _changes(recommendation: Recommendation) -> Section:
    title = "What would change it" if recommendation.framework else "What would decide it"
    if recommendation.flips:
        items = (_flip(flip, recommendation) for flip in recommendation.flips)
        return Section(title, items=tuple(items))
    if recommendation.framework:
        return Section(
            title,
            ("Nothing plausible: no other answer that goes with the rest, and no two of them.",),
        )
    if recommendation.band == "near-tie":
        return Section(title, ("No single answer and no two of them: it takes more.",))
    return Section(title)


def _flip(flip: Flip, recommendation: Recommendation) -> Item:
    notes = []
    for question, choice in flip.changes.items():
        if question in recommendation.answers:
            state = f"instead of {recommendation.answers[question]}"
        else:
            known = question not in recommendation.passed
            state = "not answered yet" if known else "which you did not know"
        notes.append(f"{question}={choice}, {state}")
    return Item(flip.text, note="; ".join(notes))


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
    if recommendation.passed and recommendation.answers:
        paragraphs.append(
            f"You did not know, so counted for neither: {', '.join(recommendation.passed)}."
        )
    left = [q for q in recommendation.unanswered if q not in recommendation.passed]
    if left and recommendation.answers:
        paragraphs.append(f"Not answered, so counted for neither: {', '.join(left)}.")
    paragraphs.append(
        f"The article is silent on {listed(recommendation.silent_on)}. "
        "If one of these matters to you, weigh it yourself."
    )
    if recommendation.framework:
        paragraphs.append("The choice is yours: take the other one, and the record will say so.")
    return Section("What did not count", tuple(paragraphs))


def _answers(questions: Iterable[str], recommendation: Recommendation) -> str:
    return ", ".join(f"{id_}={recommendation.answers[id_]}" for id_ in questions)


def _topics(ids: Iterable[str], questionnaire: Questionnaire) -> str:
    return listed([questionnaire.question(one).topic for one in ids])


def _ids(ids: Iterable[str]) -> str:
    return listed([f"`{one}`" for one in ids])
