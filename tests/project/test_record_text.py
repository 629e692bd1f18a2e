"""An answers file gets its new values in place, and keeps all else that a person put there."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stackgen.project.record_text import edit_record

BEFORE = """\
# Changed by stackgen; do not edit by hand.
_commit: v1.0.0
_src_path: https://stackgen.invalid/stackgen.git
ci: github
database: sqlite
recommendation:
    band: strong
    reasons:
    -   text: first
year: 2026
"""
AFTER = """\
# Changed by stackgen; do not edit by hand.
_commit: v1.1.0
_src_path: https://stackgen.invalid/stackgen.git
database: postgresql
recommendation:
    band: lean
    reasons:
    -   text: second
theme: light
year: 2026
"""
MINE = """\
# Ours.
_src_path: https://stackgen.invalid/stackgen.git

# Renovate reads this.
_commit: v1.0.0   # by a bot
ci: github
year: 2026
_standard: {url: ours, commit: abc}
recommendation:
    band: strong
    reasons:
    -   text: first

# The database of the team.
database: "sqlite" # see the wiki
"""
EXPECTED = """\
# Ours.
_src_path: https://stackgen.invalid/stackgen.git

# Renovate reads this.
_commit: v1.1.0   # by a bot
year: 2026
_standard: {url: ours, commit: abc}
recommendation:
    band: lean
    reasons:
    -   text: second
theme: light

# The database of the team.
database: postgresql # see the wiki
"""


def test_an_untouched_file_becomes_the_new_one() -> None:
    assert edit_record(BEFORE, BEFORE, AFTER) == AFTER
    assert edit_record(BEFORE, BEFORE, BEFORE) == BEFORE


def test_comments_order_style_and_own_keys_stay() -> None:
    assert edit_record(MINE, BEFORE, AFTER) == EXPECTED
    assert edit_record(MINE, BEFORE, BEFORE) == MINE


def test_a_comment_behind_a_value_stays_behind_it_where_a_key_comes_next() -> None:
    mine = MINE.replace("    -   text: first\n", "    -   text: first # ours\n")
    assert "    -   text: second # ours\ntheme: light\n" in edit_record(mine, BEFORE, AFTER)
    before, after = "_commit: v1.0.0\nyear: 2026\n", "_commit: v1.0.0\ntheme: dark\nyear: 2026\n"
    mine = "_commit: v1.0.0 # by a bot\nyear: 2026 # ours"
    edited = edit_record(mine, before, after)
    assert edited == "_commit: v1.0.0 # by a bot\ntheme: dark\nyear: 2026 # ours"


def test_line_ends_of_another_system_stay() -> None:
    edited = edit_record(MINE.replace("\n", "\r\n"), BEFORE, AFTER)
    assert edited == EXPECTED.replace("\n", "\r\n")


def test_a_file_in_the_style_of_json_keeps_its_own_keys() -> None:
    mine = '{"_commit": "v1.0.0", "database": "sqlite", "_own": [1, 2]}\n'
    edited = yaml.safe_load(edit_record(mine, BEFORE, AFTER))
    assert edited == {**yaml.safe_load(AFTER), "_own": [1, 2]}


values = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))),
    st.booleans(),
    st.none(),
    st.integers(0, 9999),
    st.recursive(
        st.text(alphabet="ab: #-'\"\n", max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xy"), inner),
        max_leaves=4,
    ),
)
names = st.sampled_from(["a", "b", "c", "d"])


@pytest.mark.parametrize("indent", [2, 4])
@example(old={"a": "", "b": None}, new={"a": None, "b": "\n#"}, own={})
@example(old={"a": None}, new={"a": "\n#"}, own={})
@settings(max_examples=150)
@given(
    old=st.dictionaries(names, values, min_size=1),
    new=st.dictionaries(names, values, min_size=1),
    own=st.dictionaries(st.sampled_from(["_x", "_y"]), values),
)
def test_the_values_are_right_whatever_they_are(indent, old, new, own) -> None:
    def text(data):
        return yaml.safe_dump(data, indent=indent, allow_unicode=True, sort_keys=False)

    mine = "# head\n" + text({**own, **old}) + "# tail\n"
    edited = edit_record(mine, text(old), text(new))
    assert yaml.safe_load(edited) == {**own, **new}
    assert edited.startswith("# head\n")
