import ast
import json
import re

import pytest

from tests.repository import ROOT


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (INSTRUCTION, rest), continued lines joined, comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def said(word: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == word]


def copied() -> list[str]:
    return [source for rest in said("COPY") for source in rest.split()[:-1]]


def test_container_is_built_on_one_version_of_python() -> None:
    (base,) = said("FROM")

    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)


@pytest.mark.parametrize("source", copied())
def test_container_copies_what_exists_and_is_sent_to_the_builder(source: str) -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    kept = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]

    assert (ROOT / source).exists()
    assert source in kept


def test_container_holds_all_that_the_server_imports() -> None:
    needed = {"manage.py", "tagger_site", "tagging", "templates", "static", "requirements.txt"}

    assert needed - set(copied()) == set()


def test_container_keeps_data_in_its_volume_as_a_user_of_its_own() -> None:
    environment = dict(pair.split("=", 1) for rest in said("ENV") for pair in rest.split())

    assert (said("VOLUME"), environment["TAGGER_DATA_DIR"]) == (["/data"], "/data")
    assert said("USER") == ["tagger"]


def test_container_starts_the_server_that_ends_in_good_order() -> None:
    (command,) = said("CMD")

    assert json.loads(command) == ["python", "manage.py", "start", "--host", "0.0.0.0", "--no-browser"]


def test_container_asks_a_page_that_needs_no_signing_in_for_its_health() -> None:
    (rest,) = said("HEALTHCHECK")

    program = json.loads(rest[rest.index("[") :])

    assert program[:2] == ["python", "-c"]
    assert "http://127.0.0.1:8000/healthz" in program[2]
    assert ast.parse(program[2])
