import importlib
import re
from functools import reduce
from types import ModuleType

import pytest

from tests.docs.reading import DOCS, rows, spans, text
from tests.repository import ROOT

ARCHITECTURE = DOCS / "architecture.md"
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
FILE = re.compile(r"[\w./-]+(?:/|\.(?:py|html|css|toml|md))")
PACKAGES = ("tagging", "")


def files() -> list[str]:
    return sorted({span for span in spans(ARCHITECTURE) if FILE.fullmatch(span) and not span.startswith("/")})


def names() -> list[str]:
    return sorted({span for span in spans(ARCHITECTURE) if DOTTED.fullmatch(span)} - set(files()))


def found(name: str) -> object:
    """The module, class or function of a name, in our app or from the top; raises LookupError without one."""
    parts = name.split(".")
    for package in PACKAGES:
        for length in range(len(parts), 0, -1):
            module = imported(".".join([package, *parts[:length]]).strip("."))
            if module is not None:
                try:
                    return reduce(getattr, parts[length:], module)
                except AttributeError:
                    break
    raise LookupError(name)


def imported(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as problem:
        if problem.name and (name == problem.name or name.startswith(f"{problem.name}.")):
            return None
        raise


@pytest.mark.parametrize("name", names())
def test_architecture_names_what_exists(name: str) -> None:
    assert found(name) is not None


@pytest.mark.parametrize("file", files())
def test_architecture_names_files_that_exist(file: str) -> None:
    assert (ROOT / file).exists() or (ROOT / "tagging" / file).exists()


def test_architecture_walks_one_act_through_every_layer() -> None:
    walk = text(ARCHITECTURE).partition("## One act")[2].partition("\n## ")[0]

    layers = {"views", "forms", "services", "access", "models", "errors", "domain", "live"}

    assert {layer for layer in layers if f"`{layer}." not in walk} == set()


def test_architecture_says_the_duty_of_every_layer() -> None:
    own = {
        path.stem for path in (ROOT / "tagging").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    told = {cells[0].strip("`/").split("/")[-1].removesuffix(".py") for cells in rows(ARCHITECTURE, "Layers")}

    assert own - told - {"__init__", "apps", "migrations"} == set()


def test_architecture_draws_the_layers_that_are_checked() -> None:
    checked = re.search(r"^layers = \[\n(.*?)^\]", text(ROOT / "pyproject.toml"), re.DOTALL | re.MULTILINE)
    drawn = text(ARCHITECTURE).partition("```\n")[2].partition("```")[0]

    assert checked is not None
    assert rows_of(drawn) == rows_of(checked[1])


def rows_of(layers: str) -> list[set[str]]:
    """The layers from top to bottom, each as a set; those in brackets need not exist (yet) and are left out."""
    lines = [re.sub(r"\(\w+\)|   .*|[\",]", "", line.strip()) for line in layers.splitlines()]
    return [set(re.findall(r"\w+", line)) for line in lines if re.search(r"\w", line)]
