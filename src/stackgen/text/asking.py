"""What is said between two questions: after a "don't know", and where there may be an end."""

from __future__ import annotations

from collections.abc import Mapping

from stackgen.advice.questionnaire import DONT_KNOW, Questionnaire
from stackgen.advice.scoring import within_reach
from stackgen.text.layout import listed


def passed_text(question_id: str, answers: Mapping[str, str], questionnaire: Questionnaire) -> str:
    """Return what it means that a question was passed, in a sentence or two.

    Args:
        question_id: The question that "don't know" was just given to.
        answers: What is known by now, `dont-know` among it.
        questionnaire: The questions.
    """
    plain = "Not answered: it counts for neither side."
    others = [question for question in questionnaire.deciding if question != question_id]
    if question_id not in questionnaire.deciding or any(
        answers.get(question, DONT_KNOW) != DONT_KNOW for question in others
    ):
        return plain
    if any(question not in answers for question in others):
        topics = listed([questionnaire.question(question).topic for question in others])
        return f"{plain} If {topics} stays open too, there is a lean at most."
    topics = listed([questionnaire.question(each).topic for each in questionnaire.deciding])
    return f"{plain} Without {topics} there is a lean at most."


def stop_text(answers: Mapping[str, str], questionnaire: Questionnaire) -> tuple[str, str]:
    """Return the offer to stop, where it is settled what the answers come to, and why to go on.

    Args:
        answers: What is known by now, `dont-know` among it.
        questionnaire: The questions.
    """
    reached = within_reach(answers, questionnaire)
    if reached == {None}:
        cannot = "lead to a recommendation"
        could = "make the reasons more complete"
    elif len(reached) == 1:
        cannot = "change the framework"
        could = "make the recommendation stronger or weaker, and its reasons more complete"
    else:
        names = questionnaire.frameworks.items()
        cannot = f"lead to {next(name for id_, name in names if id_ not in reached)}"
        could = "take the lean away, and no more"
    return (
        f"No answer still missing can {cannot}. Stop here?",
        f"The other questions could still {could}.",
    )
