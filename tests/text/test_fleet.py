"""How projects stand, in a table, as Markdown and as a page: nothing foreign is taken for more."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stackgen.fleet.forecast import Forecast
from stackgen.fleet.survey import Status, Tally
from stackgen.project.drift import Drift, FileDrift
from stackgen.project.exceptions import RuleException
from stackgen.project.standard_record import RecordedStandard
from stackgen.team.rules import Result
from stackgen.team.standard import Reason
from stackgen.text.fleet import Diffs, InFull, Names, Table, others_text
from stackgen.text.fleet_markdown import MarkdownReport
from stackgen.text.fleet_page import Page
from stackgen.text.markdown import escaped

NASTY = (
    "</script><script>alert(1)</script>\"'`|&<img src=x onerror=alert(1)>"
    "\x1b[31m\u202e\n[a](b)$made ${made}"
)


def status(name: str, **fields: object) -> Status:
    forecast, rules = fields.pop("forecast", None), fields.pop("rules", ())
    given = {"from_tag": "v0.1.0", "to_tag": "v0.2.0", "releases": 1, **fields}
    return Status(drift=Drift(path=Path("/clones") / name, **given), forecast=forecast, rules=rules)


SHOP = status(
    "shop",
    rules=tuple(
        Result(id=name, state="failed", reason=Reason(), detail="It is not.") for name in "ab"
    ),
    files=(
        FileDrift(path="README.md", state="edited"),
        FileDrift(path="LICENSE", state="missing"),
        FileDrift(path="manage.py", state="same"),
    ),
    standard=RecordedStandard(url="https://example.com/standard.git", commit="0123456789abcdef"),
    exceptions=(RuleException(rule="lag", because="Soon.", until=dt.date(2027, 3, 31)),),
    forecast=Forecast(state="conflicts", conflicts=("README.md",)),
)
BLOG = status("team/blog", from_tag="v0.2.0", releases=0, forecast=Forecast(state="clean"))
BROKEN = status("broken", from_tag="", error="It is broken.", forecast=Forecast(state="refused"))
HOSTILE = status(
    f"{NASTY}x",
    files=(FileDrift(path=NASTY, state="edited"),),
    standard=RecordedStandard(url=NASTY, commit=NASTY),
    exceptions=(RuleException(rule=NASTY, because=NASTY, until=None),),
    forecast=Forecast(state="refused", reason=NASTY),
)
HOSTILE_ERROR = status("e", error=NASTY, forecast=Forecast(state="conflicts", conflicts=(NASTY,)))
ALL = [SHOP, BLOG, BROKEN]
SUM = (
    "3 projects: 1 behind, 1 with files that differ, 2 with an error or a rule that fails. An "
    "update would be clean in 1, leave conflicts in 1, and be refused in 1."
)
PATHS = [each.drift.path for each in ALL]


def text_of(report, statuses):
    tally = Tally()
    parts = []
    for each in statuses:
        tally.add(each)
        parts.append(report.add(each))
    return "\n".join([*filter(None, parts), report.end(tally)])


def test_a_table_is_aligned_and_has_a_sum():
    assert text_of(Table(PATHS, "v0.2.0", with_forecast=True), ALL).splitlines() == [
        "In /clones:",
        (
            "PROJECT    VERSION  BEHIND       EDITED  MISSING  RULES  EXCEPTIONS  "
            "FORECAST       STANDARD"
        ),
        (
            "shop       0.1.0    1 release    1       1        2      1           1 conflict     "
            "standard@0123456789ab"
        ),
        "team/blog  0.2.0    -            0       0        -      0           clean          -",
        "broken     It is broken.",
        "",
        SUM,
    ]


def test_without_forecasts_nothing_is_said_of_them():
    alone = [status("shop", releases=0)]
    assert text_of(Table(PATHS[:1], "v0.2.0", with_forecast=False), alone).splitlines()[1:] == [
        "PROJECT  VERSION  BEHIND       EDITED  MISSING  RULES  EXCEPTIONS  STANDARD",
        "shop     0.1.0    commits      0       0        -      0           -",
        "",
        "1 project: 1 behind, 0 with files that differ, 0 with an error or a rule that fails.",
    ]
    nothing = text_of(Table([], "v0.2.0", with_forecast=False), [])
    said = "0 behind, 0 with files that differ, 0 with an error or a rule that fails."
    assert nothing == f"0 projects: {said}"


def test_in_full_everything_is_told():
    assert text_of(InFull(), [SHOP, BROKEN]).splitlines() == [
        "/clones/shop: 0.1.0, behind 0.2.0; files: 1 same, 1 edited, 1 missing",
        "  edited   README.md",
        "  missing  LICENSE",
        "  standard https://example.com/standard.git at 0123456789ab",
        "  rule     a: It is not.",
        "  rule     b: It is not.",
        "  exception lag until 2027-03-31: Soon.",
        "  update would leave 1 conflict:",
        "  conflict README.md",
        "/clones/broken: It is broken.",
    ]


def test_names_leave_out_what_all_have_in_common():
    names = Names([Path("/a/b/c"), Path("/a/b/d/e")])
    assert [names.of(Path(path)) for path in ("/a/b/c", "/a/b/d/e", "/x")] == ["c", "d/e", "/x"]
    assert Names([Path("/a/b")]).of(Path("/a/b")) == "b"


def test_names_go_by_where_a_project_is_not_by_how_it_was_named(tmp_path, monkeypatch):
    for name in ("here", "shop", "blog"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("blog")
    monkeypatch.chdir(tmp_path / "here")
    names = Names([Path("../shop"), Path("../link"), Path("../gone")])
    assert names.heading() == [f"In {tmp_path.resolve()}:"]
    found = [(tmp_path / "shop").resolve(), (tmp_path / "blog").resolve(), Path("../gone")]
    assert [names.of(each) for each in found] == ["shop", "blog", "gone"]


def test_folders_without_a_project_are_counted_in_words():
    assert others_text(1) == "1 folder holds no project of stackgen's."
    assert others_text(2) == "2 folders hold no project of stackgen's."


@pytest.mark.parametrize("hostile", [HOSTILE, HOSTILE_ERROR])
def test_nothing_foreign_steers_a_terminal(hostile):
    paths = [hostile.drift.path]
    for report in (Table(paths, "v0.2.0", with_forecast=True), InFull(), Diffs()):
        text = text_of(report, [hostile])
        assert all(line.isprintable() for line in text.splitlines())
        assert "\x1b" not in text


def test_markdown_has_a_table_and_what_differs():
    text = text_of(MarkdownReport(PATHS, "v0.2.0", with_forecast=True), ALL)
    assert text.splitlines()[:10] == [
        "# Projects and stackgen 0.2.0",
        "",
        SUM,
        "",
        (
            "| Project | Version | Behind | Edited | Missing | Rules | Exceptions | Forecast "
            "| Standard |"
        ),
        f"|{' --- |' * 9}",
        (
            "| shop | 0.1.0 | 1 release | 1 | 1 | 2 | 1 | 1 conflict "
            "| standard@&#8203;0123456789ab |"
        ),
        "| team/blog | 0.2.0 | \\- | 0 | 0 | \\- | 0 | clean | \\- |",
        "| broken | \\- | \\- | 0 | 0 | \\- | 0 | refused | \\- |",
        "",
    ]
    assert "\n## shop\n\n- edited: README.md\n- missing: LICENSE\n- rule: a: It is not.\n" in text
    assert "\n- exception: lag until 2027\\-03\\-31: Soon.\n- conflict: README.md\n" in text
    assert text.endswith("\n## broken\n\n- error: It is broken.")


@pytest.mark.parametrize("hostile", [HOSTILE, HOSTILE_ERROR])
def test_nothing_foreign_is_markup_in_markdown(hostile):
    text = text_of(MarkdownReport([hostile.drift.path], "v0.2.0", with_forecast=True), [hostile])
    assert not re.search(r"<|>", text)
    assert not re.search(r"(?<!\\)[`\[\]]", text)
    (row,) = [
        line for line in text.splitlines() if line.startswith("| ") and "Project" not in line
    ][1:]
    assert len(re.findall(r"(?<!\\)\|", row)) == 10
    assert escaped("a\nb") == "a\\\\nb"


class Elements(HTMLParser):
    """The elements of a page, and the text that it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"script", "style"}:
            self.shown += data


def page(statuses):
    paths = [each.drift.path for each in statuses]
    made = "2026-11-27 12:00 +0000"
    return text_of(Page(paths, "v0.2.0", made, with_forecast=True), statuses)


def test_a_page_is_whole_and_needs_nothing_else():
    text = page(ALL)
    elements = Elements()
    elements.feed(text)
    assert elements.open == []
    assert elements.names.count("tr") == 4
    assert elements.names.count("script") == elements.names.count("style") == 1
    assert not re.search(r"\b(src|href|url)\b\s*[=(]", text)
    for element in ("script", "style"):
        content = text.partition(f"<{element}>")[2].partition(f"</{element}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert "As of 2026-11-27 12:00 +0000." in elements.shown
    assert "conflict: README.md" in elements.shown


@pytest.mark.parametrize("hostile", [HOSTILE, HOSTILE_ERROR])
def test_nothing_foreign_is_markup_in_a_page(hostile):
    elements, plain = Elements(), Elements()
    text = page([hostile])
    elements.feed(text)
    plain.feed(page([SHOP]))
    assert {*elements.names} <= {*plain.names, "p"}
    assert elements.names.count("script") == 1
    assert elements.attributes == plain.attributes
    assert "<img src=x onerror=alert(1)>" in elements.shown
    assert "$made ${made}" in elements.shown
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_versions_and_numbers_sort_by_their_value():
    old, new = page([status("a", from_tag="v0.9.0")]), page([status("a", from_tag="v0.10.0")])

    def value(text):
        return re.findall(r'<td data-value="([^"]*)">0\.\d+\.0<', text)[0]

    assert value(old) < value(new)
