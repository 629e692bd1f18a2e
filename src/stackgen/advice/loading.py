"""Reads the questionnaire from its data file, and refuses one that does not hold together."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from stackgen.advice.questionnaire import (
    Aspect,
    CaveatRule,
    Choice,
    Claim,
    ImplicationRule,
    JudgementRule,
    MayChange,
    OfferRule,
    Question,
    Questionnaire,
    Rule,
    TensionRule,
)
from stackgen.errors import QuestionnaireError

_PACKAGED = Path(__file__).with_name("questions.toml")
_COMPARED = 2


@cache
def load_questionnaire(path: Path | None = None) -> Questionnaire:
    """Read the questionnaire, by default the one that comes with stackgen; read once per path.

    Raises:
        QuestionnaireError: Where the file cannot be read or its parts do not fit each other.
    """
    file = path or _PACKAGED
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QuestionnaireError(
            f"The questionnaire `{file.name}` cannot be read: {error}. Install stackgen again."
        ) from error
    try:
        return _questionnaire(_Table(values, "the file"))
    except QuestionnaireError as error:
        raise QuestionnaireError(
            f"The questionnaire `{file.name}` is malformed: {error} Install stackgen again."
        ) from None


class _Table:
    """A table of the file that knows where it stands, and which of its keys were never read."""

    def __init__(self, values: object, where: str) -> None:
        if not isinstance(values, dict):
            raise QuestionnaireError(f"{where} must be a table.")
        self.where = where
        self._values: dict[str, Any] = dict(values)

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        """Return the value of a key, of that type; without a default it must be there and hold."""
        value = self._values.pop(key, default)
        if value is None or (default is None and value in ("", [], {})):
            raise QuestionnaireError(f"{self.where}: `{key}` is missing or empty.")
        if type(value) is not kind:
            raise QuestionnaireError(f"{self.where}: `{key}` must be of type {kind.__name__}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts that are not empty."""
        values = self.take(key, list)
        if not all(isinstance(value, str) and value for value in values):
            raise QuestionnaireError(f"{self.where}: `{key}` must be a list of texts.")
        return tuple(values)

    def named(self, key: str, kind: type, *, optional: bool = False) -> Mapping[str, Any]:
        """Return a table whose keys are free and whose values are of one type."""
        values = self.take(key, dict, {} if optional else None)
        table = _Table(values, f"{self.where}, {key}")
        return {name: table.take(name, kind) for name in values}

    def tables(self, key: str) -> list[_Table]:
        """Return the tables of a list, each named by its id or else by its number."""
        values = self.take(key, list)
        rows = [(row if isinstance(row, dict) else {}) for row in values]
        return [
            _Table(value, f"{self.where}, {key} `{row.get('id', number)}`")
            for number, (value, row) in enumerate(zip(values, rows, strict=True), start=1)
        ]

    def close(self) -> None:
        """Refuse what was never read: most likely a typing error."""
        if self._values:
            raise QuestionnaireError(f"{self.where}: unknown `{next(iter(self._values))}`.")


def _questionnaire(file: _Table) -> Questionnaire:
    frameworks = file.named("frameworks", str)
    if len(frameworks) != _COMPARED:
        raise QuestionnaireError(
            f"`[frameworks]` names {len(frameworks)} ({', '.join(frameworks)}), and the score "
            "compares two: name two."
        )
    bands = file.named("bands", int)
    if bands.keys() != {"lean", "strong"} or not 0 < bands["lean"] <= bands["strong"]:
        raise QuestionnaireError("bands: give `lean` and `strong`, in rising order.")
    blind = _Table(file.take("without_deciding", dict), "without_deciding")
    distance, share = blind.take("distance", int), blind.take("share", float)
    blind.close()
    if distance < bands["lean"] or not 0 < share <= 1:
        raise QuestionnaireError(
            "without_deciding: give a `distance` of `lean` or more, and a `share` up to 1."
        )
    claims = {
        name: _claim(name, _Table(values, f"claim `{name}`"))
        for name, values in file.take("claims", dict).items()
    }
    questionnaire = Questionnaire(
        article=file.take("article", str),
        questions=tuple(_question(table) for table in file.tables("questions")),
        claims=claims,
        frameworks=frameworks,
        comparison=tuple(_aspect(table) for table in file.tables("comparison")),
        silent_on=file.texts("silent_on"),
        sections=file.named("sections", str),
        tensions=tuple(_tension(table) for table in file.tables("tensions")),
        contradictions=tuple(_contradiction(table) for table in file.tables("contradictions")),
        caveats=tuple(_caveat(table) for table in file.tables("caveats")),
        judgements=tuple(_judgement(table) for table in file.tables("judgements")),
        implications=tuple(_implication(table) for table in file.tables("implications")),
        offers=tuple(_offer(table) for table in file.tables("offers")),
        deciding=file.texts("deciding"),
        lean=bands["lean"],
        strong=bands["strong"],
        blind_distance=distance,
        blind_share=share,
    )
    file.close()
    _check(questionnaire)
    return questionnaire


def _claim(name: str, table: _Table) -> Claim:
    claim = Claim(
        id=name,
        aspect=table.take("aspect", str),
        sections=table.texts("sections"),
        sides=table.named("sides", str),
        note=table.take("note", str, ""),
    )
    table.close()
    return claim


def _aspect(table: _Table) -> Aspect:
    aspect = Aspect(
        id=table.take("id", str), title=table.take("title", str), claims=table.texts("claims")
    )
    table.close()
    return aspect


def _question(table: _Table) -> Question:
    question = Question(
        id=table.take("id", str),
        text=table.take("text", str),
        topic=table.take("topic", str),
        help=table.take("help", str),
        may_change=_may_change(table),
        choices=tuple(_choice(choice) for choice in table.tables("choices")),
    )
    table.close()
    return question


def _may_change(table: _Table) -> MayChange:
    word, words = table.take("may_change", str, "freely"), get_args(MayChange)
    for known in words:
        if word == known:
            return known  # type: ignore[no-any-return]
    raise QuestionnaireError(f"{table.where}: `may_change` is one of: {', '.join(words)}.")


def _choice(table: _Table) -> Choice:
    choice = Choice(
        id=table.take("id", str),
        label=table.take("label", str),
        condition=table.take("if", str),
        instead=table.take("instead", str, ""),
        points=table.named("points", int, optional=True),
        reason=table.take("reason", str),
        claims=table.texts("claims"),
        implies=table.take("implies", dict, {}),
    )
    if len(choice.points) > 1 or any(points < 1 for points in choice.points.values()):
        raise QuestionnaireError(f"{table.where}: give positive points to one framework or none.")
    table.close()
    return choice


def _tension(table: _Table) -> TensionRule:
    tension = TensionRule(
        when=_conditions(table, least=_COMPARED),
        claims=table.texts("claims"),
        text=table.take("text", str),
    )
    table.close()
    return tension


def _contradiction(table: _Table) -> Rule:
    rule = Rule(when=_conditions(table, least=_COMPARED))
    table.close()
    return rule


def _caveat(table: _Table) -> CaveatRule:
    caveat = CaveatRule(
        any=_conditions(table, key="any"),
        brief=table.take("brief", str),
        text=table.take("text", str),
    )
    table.close()
    return caveat


def _judgement(table: _Table) -> JudgementRule:
    judgement = JudgementRule(
        when=_conditions(table, least=0),
        framework=table.take("framework", str, "") or None,
        text=table.take("text", str),
    )
    table.close()
    return judgement


def _implication(table: _Table) -> ImplicationRule:
    implication = ImplicationRule(
        when=_conditions(table, least=_COMPARED), implies=table.take("implies", dict)
    )
    table.close()
    return implication


def _offer(table: _Table) -> OfferRule:
    offer = OfferRule(
        when=_conditions(table),
        option=table.take("option", str),
        values=table.texts("values"),
        claims=table.texts("claims"),
        text=table.take("text", str),
    )
    table.close()
    return offer


def _conditions(
    table: _Table, *, key: str = "when", least: int = 1
) -> Mapping[str, tuple[str, ...]]:
    """Return the choices that a rule names, by question; so many questions at the least."""
    rows = table.named(key, list, optional=least == 0)
    if len(rows) < least:
        raise QuestionnaireError(f"{table.where}: `{key}` must name at least two questions.")
    return {name: tuple(choices) for name, choices in rows.items()}


def _check(questionnaire: Questionnaire) -> None:
    """Refuse two things of one id, and every name that nothing stands behind."""
    questions = {question.id: question for question in questionnaire.questions}
    claims, frameworks = questionnaire.claims, questionnaire.frameworks
    first, _ = questionnaire.sides
    _unique("question", [question.id for question in questionnaire.questions])
    _unique("comparison", [aspect.id for aspect in questionnaire.comparison])
    _known("deciding", "question", questionnaire.deciding, questions)
    for aspect in questionnaire.comparison:
        _known(f"comparison `{aspect.id}`", "claim", aspect.claims, claims)
    for claim in claims.values():
        _known(f"claim `{claim.id}`", "section", claim.sections, questionnaire.sections)
        _known(f"claim `{claim.id}`", "framework", claim.sides, frameworks)
    for question in questionnaire.questions:
        _unique(f"question `{question.id}`, choice", [choice.id for choice in question.choices])
        for choice in question.choices:
            where = f"question `{question.id}`, choice `{choice.id}`"
            _known(where, "claim", choice.claims, claims)
            _known(where, "framework", choice.points, frameworks)
    for number, tension in enumerate(questionnaire.tensions, start=1):
        _known(f"tension {number}", "claim", tension.claims, claims)
    for number, offer in enumerate(questionnaire.offers, start=1):
        _known(f"offer {number}", "claim", offer.claims, claims)
    for number, judgement in enumerate(questionnaire.judgements, start=1):
        _known(f"judgement {number}", "framework", [judgement.framework or first], frameworks)
    if not questionnaire.judgements or questionnaire.judgements[-1].when:
        raise QuestionnaireError("judgements: the last one must hold always, without a `when`.")
    _check_conditions(questionnaire)
    _check_implied(questionnaire)


def _check_conditions(questionnaire: Questionnaire) -> None:
    """Refuse a rule that names a question or a choice that does not exist."""
    questions = {question.id: question for question in questionnaire.questions}
    conditions = {
        "tension": [rule.when for rule in questionnaire.tensions],
        "contradiction": [rule.when for rule in questionnaire.contradictions],
        "judgement": [rule.when for rule in questionnaire.judgements],
        "implication": [rule.when for rule in questionnaire.implications],
        "offer": [rule.when for rule in questionnaire.offers],
        "caveat": [rule.any for rule in questionnaire.caveats],
    }
    for kind, rules in conditions.items():
        for number, when in enumerate(rules, start=1):
            _known(f"{kind} {number}", "question", when, questions)
            for question_id, wanted in when.items():
                choices = [choice.id for choice in questions[question_id].choices]
                _known(f"{kind} {number}", "choice", wanted, choices)


def _check_implied(questionnaire: Questionnaire) -> None:
    """Refuse an option that two places imply: which of them holds would depend on order."""
    places = [
        (question.id, {option for choice in question.choices for option in choice.implies})
        for question in questionnaire.questions
    ]
    places += [
        (f"implication {number}", set(rule.implies))
        for number, rule in enumerate(questionnaire.implications, start=1)
    ]
    owners: dict[str, str] = {}
    for place, implied in places:
        for option in implied:
            owner = owners.setdefault(option, place)
            if owner != place:
                raise QuestionnaireError(
                    f"option `{option}` is implied by both `{owner}` and `{place}`."
                )


def _unique(what: str, ids: list[str]) -> None:
    for position, one in enumerate(ids):
        if one in ids[:position]:
            raise QuestionnaireError(f"{what} `{one}` is there twice.")


def _known(where: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            raise QuestionnaireError(
                f"{where}: there is no {what} `{name}`. There are: {', '.join(known)}."
            )
