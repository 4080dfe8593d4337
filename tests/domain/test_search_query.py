import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import search_query, tag_names
from tagging.domain.search_query import (
    DescriptionTerm,
    NameTerm,
    NumberTerm,
    Query,
    StateTerm,
    TagCountTerm,
    TagTerm,
    Term,
)

from .strategies import tags, typed


def tag(text: str, *, negated: bool = False) -> TagTerm:
    return TagTerm(tag_names.key(text), text, negated)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("  ", []),
        ("cat", [tag("cat")]),
        ("-cat", [tag("cat", negated=True)]),
        ("cat -dog", [tag("cat"), tag("dog", negated=True)]),
        ('"two words"', [tag("two words")]),
        ('-"two words"', [tag("two words", negated=True)]),
        ("“two words”", [tag("two words")]),
        ("„two words“ x", [tag("two words"), tag("x")]),
        ('"two words', [tag("two words")]),
        ('"a""b"', [tag("a"), tag("b")]),
        ('"a"b', [tag("a"), tag("b")]),
        (r"two\ words", [tag("two words")]),
        (r"\-cat", [tag("-cat")]),
        (r"state\:todo", [tag("state:todo")]),
        ('"state:todo"', [tag("state:todo")]),
        ("artist:foo", [tag("artist:foo")]),
        ('Artist:"foo bar"', [tag("Artist:foo bar")]),
        ("artist:", [tag("artist:")]),
        (":d", [tag(":d")]),
        ("http://x", [tag("http://x")]),
        (r"\o/ \\ a\b", [tag(r"\o/"), tag("\\"), tag(r"a\b")]),
        ('5"disk', [tag('5"disk')]),
        ("-", [tag("-")]),
        ("--x", [tag("-x", negated=True)]),
        ("- x", [tag("-"), tag("x")]),
        ("cat, dog", [tag("cat"), tag("dog")]),
        (', "" -"" -,', []),
        ("Long_Hair", [TagTerm("long hair", "Long_Hair", negated=False)]),
        ("building_(traditional)", [tag("building_(traditional)")]),
        ("state:todo", [StateTerm(("todo",))]),
        ("-state:todo", [StateTerm(("todo",), negated=True)]),
        ("State:Done,todo,done", [StateTerm(("todo", "done"))]),
        ('state:"rejected"', [StateTerm(("rejected",))]),
        ("tags:0", [TagCountTerm(0, 0)]),
        ("tags:3..9", [TagCountTerm(3, 9)]),
        ("tags:3..", [TagCountTerm(3, None)]),
        ("-tags:..9", [TagCountTerm(None, 9, negated=True)]),
        ("tags:3…9", [TagCountTerm(3, 9)]),
        ("number:17", [NumberTerm(17, 17)]),
        ("number:100..200", [NumberTerm(100, 200)]),
        (f"number:{2**31 - 1}", [NumberTerm(2**31 - 1, 2**31 - 1)]),
        ("name:*beach*", [NameTerm("*beach*")]),
        ('-name:"my beach ?.jpg"', [NameTerm("my beach ?.jpg", negated=True)]),
        ("name:cafe\u0301", [NameTerm("café")]),
        ("name:state:todo", [NameTerm("state:todo")]),
        ("has:description", [DescriptionTerm()]),
        ("-Has:Description", [DescriptionTerm(negated=True)]),
        ('"has:description"', [tag("has:description")]),
        ("x\u3000y\nz", [tag("x"), tag("y"), tag("z")]),
    ],
)
def test_parse_gives(text: str, terms: list[Term]) -> None:
    assert search_query.parse(text) == Query(tuple(terms), text.strip())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("state:foo", "todo, done, reviewed, rejected"),
        ("state:", "todo, done, reviewed, rejected"),
        ("state:todo,foo", "“state:foo” is no state"),
        ("number:x", r"number:3\.\.9"),
        ("tags:", r"tags:3\.\.9"),
        ("has:wings", "“has:wings” finds nothing: write has:description"),
        ("has:", "write has:description"),
        ("tags:..", r"tags:3\.\.9"),
        ("tags:-1", "is no number"),
        ("tags:٣", "is no number"),
        ("tags:3...9", "is no number"),
        ("tags:9..3", r"write tags:3\.\.9"),
        (f"number:{2**31}", "too large"),
        ("number:" + "9" * 900, "too large"),
        ("name:", r"name:\*beach\*"),
        ("a,b", "cannot hold a comma"),
        ("x" * 201, "over 200"),
        ("x " * 500 + "y", "over 1,000"),
        ("x " * 41, "over 40"),
        ("a\ud800", "not text"),
    ],
)
def test_parse_refuses_with_what_is_possible(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        search_query.parse(text)


@given(tags)
def test_parse_of_a_quoted_tag_is_just_this_tag(text: str) -> None:
    assert search_query.parse(search_query.quote(text)).terms == (tag(text),)


@given(st.lists(tags, max_size=5).filter(lambda found: sum(map(len, found)) < 400))
def test_parse_of_quoted_tags_is_all_of_them(found: list[str]) -> None:
    text = " ".join(f"-{search_query.quote(one)}" for one in found)

    assert search_query.parse(text).terms == tuple(tag(one, negated=True) for one in found)


@pytest.mark.parametrize(
    "text", ["-x", "state:todo", 'say "hi"', "“hi”", "\\", "a\\", "-", "OR", "not", "a b", "(x)", "x:"]
)
def test_quote_guards_what_a_search_would_read_otherwise(text: str) -> None:
    assert search_query.quote(text).startswith('"')
    assert search_query.parse(search_query.quote(text)).terms == (tag(text),)


@pytest.mark.parametrize("text", ["cat", "close-up", "long_hair", "1girl", "猫", "Café"])
def test_quote_leaves_plain_tags_bare(text: str) -> None:
    assert search_query.quote(text) == text


@given(
    st.one_of(
        typed, st.lists(st.sampled_from(["state:", "tags:", "name:", "-", '"', "\\", " ", "3", ".."])).map("".join)
    )
)
def test_parse_answers_any_text_with_terms_or_a_sentence(text: str) -> None:
    try:
        told = search_query.parse(text).text
    except ValueError as problem:
        told = str(problem)

    assert told == text.strip() or re.fullmatch(r"(A|The|This|“).*\.", told, re.DOTALL)


def test_query_without_terms_is_empty() -> None:
    assert [search_query.parse(text).is_empty for text in ("", " , ", "cat")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("", False),
        ("cat", False),
        ("tags:0", False),
        ("number:17", True),
        ("number:017..17", True),
        ("-number:17", False),
        ("number:17..18", False),
        ("number:..17", False),
        ("name:beach.jpg", True),
        ("name:beach*", False),
        ("name:b?ach.jpg", False),
        ("-name:beach.jpg", False),
        ("state:rejected", True),
        ("state:todo", True),
        ("-state:todo", True),
        ("cat state:todo,rejected", True),
        ("-has:description", False),
    ],
)
def test_rejected_images_are_asked_for_by_a_state_or_by_naming_one(text: str, asks: bool) -> None:
    assert search_query.parse(text).asks_for_rejected is asks
