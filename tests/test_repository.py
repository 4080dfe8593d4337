import hashlib
import os
import re
import subprocess
from pathlib import Path

from tests.repository import ROOT, files, name

CODE = (".py", ".js", ".css", ".html")
VENDORED = ROOT / "static" / "vendor"
# As a comment says it (a state of an image has one of these names); spelt so that this line is not found itself
UNFINISHED = re.compile(r"(?:#|//|\*|<!--)\s*(?:TO[D]O|FIX[M]E|X[X]X)\b")
COMMENT = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.DOTALL)
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\((?!\s*from\b)"
    r"|(?<![\w-])(?:white|black|red|green|blue|yellow|orange|purple|pink|brown|gr[ae]y|silver|gold|navy|teal)(?![\w-])",
    re.IGNORECASE,
)
STEPS = ["browser", "check", "migrations", "deploy", "tests", "browser-tests"]


def test_files_are_short_enough_to_read_in_one_go() -> None:
    own = (path for path in files(*CODE) if path.parent.name != "migrations")

    long = [name(path) for path in own if len(path.read_text(encoding="utf-8").splitlines()) > 300]

    assert long == []


def test_nothing_is_left_for_later_in_the_files() -> None:
    found = [
        name(path)
        for path in files(*CODE, ".md", ".toml", ".txt")
        if UNFINISHED.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_check_that_is_silenced_has_its_reason() -> None:
    silenced = re.compile(r"# noq[a](?!: [A-Z0-9]+(?:, [A-Z0-9]+)* - [`\w])")

    found = [
        f"{name(path)}:{number}"
        for path in files(".py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silenced.search(line)
    ]

    assert found == []


def test_ci_runs_all_that_make_test_runs() -> None:
    script = ROOT / ".ci" / "run"

    commands = [line.strip() for line in script.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]

    assert any(line.startswith("make test ") for line in commands)
    assert os.access(script, os.X_OK)


def test_make_test_runs_every_step() -> None:
    rule = re.search(r"^test: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert rule is not None
    assert rule[1].split() == STEPS


def test_make_hands_a_folder_with_any_name_to_start() -> None:
    folder = 'it\'s my $$HOME, "new" & old (1)'

    shown = subprocess.run(
        ["make", "--dry-run", "--always-make", "start", f"DIR={folder}", "PORT=8001"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert """manage.py start 'it'\\''s my $HOME, "new" & old (1)' """ in shown


def test_every_setting_from_the_environment_is_documented() -> None:
    read = re.compile(r"""(?:env\.\w+|environ\.get)\(\s*["']([A-Z_]+)["']""")
    settings = {
        found
        for path in (ROOT / "tagger_site").glob("*.py")
        for found in read.findall(path.read_text(encoding="utf-8"))
    }
    settings |= {"DATABASE_URL"}

    documented = "".join(path.read_text(encoding="utf-8") for path in files(".md"))

    assert {setting for setting in settings if f"`{setting}`" not in documented} == set()


def test_styles_take_their_colours_from_the_tokens() -> None:
    raw = [
        f"{name(path)}: {declaration.strip()}"
        for path in files(".css")
        if path.name != "tokens.css"
        for block in re.findall(r"\{([^{}]*)\}", COMMENT.sub("", path.read_text(encoding="utf-8")))
        for declaration in block.split(";")
        if COLOUR.search(declaration.partition(":")[2])
    ]

    assert raw == []


def test_vendored_files_say_where_they_come_from() -> None:
    vendored = [path for path in sorted(VENDORED.rglob("*")) if path.suffix in (".js", ".css", ".woff2")]

    unexplained = [name(path) for path in vendored if not explained(path)]

    assert unexplained == []


def explained(path: Path) -> bool:
    """Its line in the README names version, licence and sum."""
    readme = (VENDORED / "README.md").read_text(encoding="utf-8")
    line = next((line for line in readme.splitlines() if path.name in line), "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return bool(re.search(r"\d+\.\d+", line) and re.search(r"MIT|BSD|Apache|ISC|CC0", line) and digest in line)
