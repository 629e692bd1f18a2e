"""Where a project came from: the framework, the version and the options that render nearest to it.

The versions are ranked by content. For the likeliest one, one option after another is set to
another value, for as long as that brings the render nearer; with what was found the other likely
versions are rendered, and the nearest one is taken. No option is known here by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stackgen.adoption.present import Present
from stackgen.adoption.ranking import Candidate, rank
from stackgen.adoption.traces import Votes, find_answers, find_texts, free_texts, marks, parsed
from stackgen.adoption.trials import NOTHING, Score, Trials
from stackgen.advice.precedents import load_precedents
from stackgen.advice.questionnaire import Questionnaire
from stackgen.advice.recommendation import recommend
from stackgen.errors import OptionError, ProjectError, RenderError, SourceError
from stackgen.progress import step
from stackgen.project.decision import record
from stackgen.template.loading import load_options
from stackgen.template.options import Options
from stackgen.template.rendering import ANSWERS_FILE
from stackgen.template.timeline import Timeline

_ROUNDS = 6
"""How often the options are gone through at most; two or three times are usual."""

_LIKELY, _NEAR = 8, 50
"""How many versions are rendered, besides the neighbours of the nearest one; all of these have
nearly as many lines in common with the project as the first, one in so many aside."""

_ALIKE = 8
"""How many of the versions are rendered that have about as many lines in common as the nearest."""

_DISTANCES = (1, 4, 16)
"""How far from the nearest version others are tried, on both sides: far ones lead there soon."""

_RECOMMENDATION = "recommendation"

_ANSWERS_FILE = "{{ _copier_conf.answers_file }}"
"""How a template calls it."""

Given = Mapping[str, Any]
"""Option to the value that it is set to; the others have their defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a project came from, as near as that can be told.

    Attributes:
        tag: The version.
        options: Its options.
        values: A value for every one that is recorded.
        score: How near its render is.
        is_installed: Whether that is the template that is installed.
    """

    tag: str
    options: Options
    values: Mapping[str, Any]
    score: Score
    is_installed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """A version with the values that fit it best."""

    candidate: Candidate
    options: Options
    given: Given
    score: Score


class Search:
    """The search for one project's origin."""

    def __init__(
        self,
        timeline: Timeline,
        present: Present,
        trials: Trials,
        *,
        frameworks: Sequence[str],
        questionnaire: Questionnaire,
        known: Mapping[str, Any],
    ) -> None:
        """Take what is searched; nothing is rendered yet.

        Args:
            timeline: The states of the template.
            present: The project's files.
            trials: Renders.
            frameworks: The frameworks that there are.
            questionnaire: The questions whose answers a project may list.
            known: What the project itself records, which is not searched for.
        """
        self._timeline, self._present, self._trials = timeline, present, trials
        self._frameworks, self._questionnaire = frameworks, questionnaire
        # A recommendation is a mapping. Of a text Copier would make whatever YAML it is, or fail.
        self._known = {
            name: value
            for name, value in known.items()
            if not (name == _RECOMMENDATION and isinstance(value, str))
        }
        self._options: dict[str, Options | None] = {}
        self._recommendations: dict[str, Mapping[str, Any]] = {}

    def origin(self) -> Origin:
        """Return where the project came from.

        Raises:
            ProjectError: No version can be rendered with what the project records.
            RenderError: Copier or git failed.
            OSError: A file of the project cannot be read.
        """
        with step("Comparing versions"):
            ranked = rank(self._timeline, self._present, self._possible_frameworks())
        if not ranked or ranked[0].rank <= 0:
            raise ProjectError(
                f"`{self._present.project}` has nothing in common with any version of stackgen. "
                "`stackgen new` makes a project."
            )
        ranked = [each for each in ranked if each.framework == ranked[0].framework]
        best = self._first(ranked)
        seen: set[str] = set()
        while best.candidate.state.tag not in seen:
            seen.add(best.candidate.state.tag)
            with step("Comparing versions"):
                nearest = self._climbed(best, ranked)
            if nearest.candidate is not best.candidate:
                with step("Comparing options"):
                    fitted = self._fit(nearest.candidate, nearest.given) or nearest
                best = max(fitted, nearest, key=lambda fit: fit.score)
        with step("Comparing versions"):
            best = self._last_release(best, ranked)
        values = self._values(best.options, best.given)
        assert values is not None  # noqa: S101 - it was rendered with them
        state = best.candidate.state
        return Origin(
            tag=state.tag,
            options=best.options,
            values=values,
            score=best.score,
            is_installed=state.is_installed,
        )

    def _possible_frameworks(self) -> Sequence[str]:
        recorded = self._known.get("framework")
        return [each for each in self._frameworks if each == recorded] or self._frameworks

    def _first(self, ranked: Sequence[Candidate]) -> _Fit:
        with step("Comparing options"):
            # Many a version has the same files without Jinja, which are what is ranked by. To fit
            # options takes twenty renders, to see what stands nearer as it is two.
            likely = [ranked[0], *(each for each in ranked if each.state.is_installed)]
            fits = [fit for each in likely if (fit := self._fit(each, {}, rounds=0))]
            nearest = [max(fits, key=lambda fit: fit.score).candidate] if fits else []
            for candidate in (*nearest, *ranked):
                if fit := self._fit(candidate, {}):
                    return fit
        raise ProjectError(
            f"No version of stackgen makes a project of what `{ANSWERS_FILE}` in "
            f"`{self._present.project}` records. Correct it, or delete it: then its values are "
            "found anew."
        )

    def _climbed(self, best: _Fit, ranked: Sequence[Candidate]) -> _Fit:
        """Go from version to version for as long as the next one renders nearer.

        The values stay: to fit them takes twenty renders, and a step one. Where all that are tried
        render as near, what is nearer may lie behind the first or the last of them.
        """
        seen: set[str] = set()
        front = [best]
        while front:
            seen.update(each.candidate.state.tag for each in front)
            fits = [fit for each in front for fit in self._tried(each, ranked)]
            nearest = max(
                [best, *fits], key=lambda fit: (fit.score, fit.candidate.state.preference)
            )
            if nearest.score > best.score:
                best, front = nearest, [nearest]
                continue
            best = nearest
            alike = [fit for fit in fits if not fit.score < best.score]
            alike.sort(key=lambda fit: fit.candidate.state.number)
            ends = [] if best.score.is_whole else [*alike[:1], *alike[1:][-1:]]
            front = [fit for fit in ends if fit.candidate.state.tag not in seen]
        return best

    def _tried(self, best: _Fit, ranked: Sequence[Candidate]) -> list[_Fit]:
        """Return versions that may be nearer, with the values of the best one so far."""
        in_time = sorted(ranked, key=lambda each: each.state.number)
        place = in_time.index(best.candidate)
        steps = [place + sign * distance for distance in _DISTANCES for sign in (-1, 1)]
        around = [in_time[number] for number in steps if 0 <= number < len(in_time)]
        around += sorted(ranked, key=lambda each: abs(each.rank - best.candidate.rank))[:_ALIKE]
        likely = [each for each in ranked if each.rank * _NEAR >= ranked[0].rank * (_NEAR - 1)]
        if best.score.is_whole:  # Then nothing was edited, and of two versions one has more.
            around, likely = [], [each for each in likely if each.rank >= best.candidate.rank]
        installed = [each for each in ranked if each.state.is_installed]
        rivals = {each.state.tag: each for each in (*likely[:_LIKELY], *installed, *around)}
        fits = []
        for candidate in rivals.values():
            options = self._load(candidate)
            if candidate is best.candidate or options is None:
                continue
            given = self._given(options, candidate, best.given)
            [score] = self._scores(options, [given])
            fits.append(_Fit(candidate=candidate, options=options, given=given, score=score))
        return fits

    def _last_release(self, best: _Fit, ranked: Sequence[Candidate]) -> _Fit:
        """Return the last release that makes the very same project, if there is one.

        It has the same lines as many a commit before it, so that the ranking may not reach it.
        """
        state = best.candidate.state
        if state.is_installed and state.is_known_elsewhere:
            return best
        releases = [each for each in ranked if _is_release(each)]
        releases.sort(key=lambda each: each.state.number)
        after = [each for each in releases if each.state.number > state.number]
        before = [each for each in releases if each.state.number < state.number]
        # What a release changed, the next one seldom takes back: the first that differs ends it.
        for candidate in after:
            if (same := self._same(best, candidate)) is None:
                break
            best = same
        if not _is_release(best.candidate) and before:
            best = self._same(best, before[-1]) or best
        return best

    def _same(self, best: _Fit, candidate: Candidate) -> _Fit | None:
        """Return the fit of another version that makes the project which the best one makes."""
        options, values = self._load(candidate), self._values(best.options, best.given)
        if options is None or values is None:
            return None
        # All values: what has its default here may have another one there.
        given = self._given(options, candidate, values)
        there = self._values(options, given)
        if there is None:
            return None
        try:
            files = self._trials.files(options, there)
            if files != self._trials.files(best.options, values):
                return None
        except RenderError:  # A version that did not work then.
            return None
        [score] = self._scores(options, [given])
        return _Fit(candidate=candidate, options=options, given=given, score=score)

    def _fit(self, candidate: Candidate, start: Given, rounds: int = _ROUNDS) -> _Fit | None:
        """Find the values with which a version renders nearest; nothing where it cannot."""
        options = self._load(candidate)
        if options is None:
            return None
        given = self._given(options, candidate, start)
        if self._values(options, given) is None:
            return None
        given, votes = self._with_texts(options, given)
        [score] = self._scores(options, [given])
        texts: Votes = {}
        if self._explains_all(candidate, score):
            rounds = 0
        for _ in range(rounds):
            better, gained = self._better(options, given, score, texts)
            if gained > score:
                given, score = better, gained
                again, votes = self._with_texts(options, given)
                [gained] = self._scores(options, [again])
                if gained > score:
                    given, score = again, gained
            elif texts or not votes:
                break
            else:
                texts = votes  # The first reading of a text is nearly always the right one.
            if score.is_whole:
                break
        if score == NOTHING:
            return None
        return _Fit(candidate=candidate, options=options, given=given, score=score)

    def _explains_all(self, candidate: Candidate, score: Score) -> bool:
        """Whether all of a render is there, and no file that the version has for other options."""
        if not score.is_whole:
            return False
        files = self._timeline.files(candidate.state.folders[candidate.framework])
        others = {path.removesuffix(".jinja") for path in files} - score.paths - {_ANSWERS_FILE}
        # Where a path is computed nobody can tell before it is rendered with other options.
        return not any("{" in path or self._present.content(path) is not None for path in others)

    def _better(
        self, options: Options, given: Given, score: Score, votes: Votes
    ) -> tuple[Given, Score]:
        """Change every option alone, and return all that brings the render nearer, together."""
        steps = list(self._steps(options, given, votes))
        rows = [_changed(given, change) for _, change in steps]
        best: dict[str, tuple[Score, Given]] = {}
        for (name, change), found in zip(steps, self._scores(options, rows), strict=True):
            if found > score and (name not in best or found > best[name][0]):
                best[name] = (found, change)
        if not best:
            return given, score
        gained, single = max(best.values(), key=lambda each: each[0])
        together: Given = given
        for _, change in sorted(best.values(), key=lambda each: each[0]):
            together = _changed(together, change)
        [jointly] = self._scores(options, [together])
        return (together, jointly) if jointly >= gained else (_changed(given, single), gained)

    def _steps(
        self, options: Options, given: Given, votes: Votes
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the options with changes of them: those that need another change come with it."""
        values = self._values(options, given)
        assert values is not None  # noqa: S101 - it was rendered with them
        lists = {
            name: [value for value in map(option.parse, option.allowed) if value != values[name]]
            for name, option in options.settable.items()
            if option.allowed and self._is_open(options, name)
        }
        changes = [(name, value) for name, found in lists.items() for value in found]
        for name, value in changes:
            if self._values(options, _changed(given, {name: value})) is not None:
                yield name, {name: value}
                continue
            for other, with_it in changes:
                pair = {name: value, other: with_it}
                if other != name and self._values(options, _changed(given, pair)) is not None:
                    yield name, pair
        for name, option in free_texts(options).items():
            if self._is_open(options, name):
                texts = [None, *parsed(option, votes.get(name, ()))]
                yield from ((name, {name: text}) for text in texts if text != given.get(name))
        if given.get(_RECOMMENDATION) and self._is_open(options, _RECOMMENDATION):
            yield _RECOMMENDATION, {_RECOMMENDATION: None}

    def _with_texts(self, options: Options, given: Given) -> tuple[Given, Votes]:
        """Read the free texts where a render with marks shows their places."""
        values = self._values(options, given)
        assert values is not None  # noqa: S101 - the caller has seen to it
        marked = {
            name: mark
            for name, mark in marks(options, values).items()
            if self._is_open(options, name)
        }
        if not marked:
            return given, {}
        try:
            files = self._trials.files(options, {**values, **marked})
        except RenderError:  # A version that did not work then: it has no score either.
            return given, {}
        votes = find_texts(files, marked, self._present)
        for name, texts in votes.items():
            for value in parsed(options.by_id[name], texts):
                changed = _changed(given, {name: value})
                if self._values(options, changed) is not None:
                    given = changed
                    break
        return given, votes

    def _scores(self, options: Options, rows: Iterable[Given]) -> list[Score]:
        found = (self._values(options, row) for row in rows)
        return [self._trials.score(options, values) if values else NOTHING for values in found]

    def _given(self, options: Options, candidate: Candidate, start: Given) -> Given:
        """Return what is set from the beginning: what is known, and of a start what is there."""
        found: dict[str, Any] = {}
        sources = (self._known, start, self._answered(candidate))
        for name, option in options.by_id.items():
            if name in options.settable or name == _RECOMMENDATION:
                values = [each[name] for each in sources if name in each]
                found.update((name, value) for value in list(parsed(option, values))[:1])
        return found | {"framework": candidate.framework}

    def _answered(self, candidate: Candidate) -> Given:
        """Return the recommendation that follows from the answers which the project lists."""
        framework = candidate.framework
        if framework not in self._recommendations:
            files = self._timeline.files(candidate.state.folders[framework])
            paths = [path.removesuffix(".jinja") for path in files]
            answers = find_answers(self._questionnaire, self._present, paths)
            found = record(recommend(answers, self._questionnaire, load_precedents()), framework)
            self._recommendations[framework] = {_RECOMMENDATION: found} if found else {}
        return self._recommendations[framework]

    def _values(self, options: Options, given: Given) -> Mapping[str, Any] | None:
        """Return a value for every option; nothing where they do not go together."""
        own = dict(given)
        defaults: dict[str, Any] = {}
        if _RECOMMENDATION in options.by_id:
            # That is how a new project is made: an older one records it before all others.
            defaults[_RECOMMENDATION] = own.pop(_RECOMMENDATION, None)
        try:
            return options.resolve(own, defaults=defaults).values
        except (OptionError, SourceError):  # Or what that version computes cannot be computed here.
            return None

    def _is_open(self, options: Options, name: str) -> bool:
        """Whether the value of an option is searched for: it is not recorded, or makes no sense."""
        recorded = [self._known[name]] if name in self._known else []
        return name != "framework" and not any(True for _ in parsed(options.by_id[name], recorded))

    def _load(self, candidate: Candidate) -> Options | None:
        tag = candidate.state.tag
        if tag not in self._options:
            try:
                self._options[tag] = load_options(self._timeline.template(tag))
            except SourceError:  # Of the first days, when the template was of another shape.
                self._options[tag] = None
        return self._options[tag]


def _is_release(candidate: Candidate) -> bool:
    return "+" not in candidate.state.tag


def _changed(given: Given, change: Mapping[str, Any]) -> Given:
    """Return what is set with a change; null takes the default."""
    return {name: value for name, value in {**given, **change}.items() if value is not None}
