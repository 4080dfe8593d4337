import stat
from pathlib import Path

import pytest
from django.core.checks import run_checks

from tests.start.site import manage, one_line

pytestmark = pytest.mark.slow

LONG_KEY = "k3y!" * 15 + "with more than five letters"


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"TAGGER_ALLOWED_HOSTS": "*"}, "TAGGER_ALLOWED_HOSTS names whole hosts"),
        ({"TAGGER_ALLOWED_HOSTS": "tags.example", "TAGGER_DEBUG": "1"}, "production refuses it"),
        ({"TAGGER_PRODUCTION": "1", "TAGGER_SECRET_KEY": "short"}, "TAGGER_SECRET_KEY is short or known"),
        (
            {"TAGGER_ALLOWED_HOSTS": "tags.example", "TAGGER_SECRET_KEY": f"django-insecure-{LONG_KEY}"},
            "TAGGER_SECRET_KEY is short or known",
        ),
        ({"TAGGER_PRODUCTION": "perhaps"}, "TAGGER_PRODUCTION is 1 or 0"),
    ],
)
def test_start_refuses_in_one_line(env: dict[str, str], sentence: str, tmp_path: Path) -> None:
    refused = manage("start", "--no-browser", data=tmp_path, env=env)

    assert refused.returncode == 1
    assert sentence in one_line(refused)


def found() -> set[str]:
    return {message.id or "" for message in run_checks(include_deployment_checks=True)}


def test_checks_find_nothing_in_an_installation_of_one_machine(data_dir: Path) -> None:
    assert {name for name in found() if name.startswith("tagger.")} == set()


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("TAGGER_ORIGINS", ["tags.example"], "tagger.E001"),
        ("TAGGER_ORIGINS", ["https://tags.example/path"], "tagger.E001"),
        ("TAGGER_ORIGINS", ["https://*.example"], "tagger.E001"),
        ("TAGGER_ORIGINS", ["https://ada@tags.example"], "tagger.E001"),
        ("TAGGER_ORIGINS", ["https://tags.example:high"], "tagger.E001"),
        ("ALLOWED_HOSTS", ["*"], "tagger.E002"),
        ("ALLOWED_HOSTS", [".example"], "tagger.E002"),
        ("SECRET_KEY", "short", "tagger.E003"),
        ("SECRET_KEY", "a" * 60, "tagger.E003"),
        ("SECRET_KEY", f"changeme{LONG_KEY}", "tagger.E003"),
        ("DEBUG", True, "tagger.E004"),
    ],
)
def test_checks_find_what_a_public_site_must_not_have(
    name: str, value: object, check: str, settings: object, data_dir: Path
) -> None:
    setattr(settings, name, value)

    assert check in found()


def test_checks_take_whole_origins(settings: object, data_dir: Path) -> None:
    settings.TAGGER_ORIGINS = ["https://tags.example", "http://localhost:8443", "http://[::1]:8000"]  # type: ignore[attr-defined]

    assert "tagger.E001" not in found()


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_checks_find_a_key_file_that_others_can_read(mode: int, warned: bool, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "secret_key").touch()
    (data_dir / "secret_key").chmod(mode)

    assert ("tagger.W001" in found()) == warned
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == mode


@pytest.mark.parametrize(
    ("engine", "told"), [("django.db.backends.postgresql", True), ("django.db.backends.sqlite3", False)]
)
def test_checks_say_that_several_processes_need_redis(
    engine: str, told: bool, monkeypatch: pytest.MonkeyPatch, settings: object, data_dir: Path
) -> None:
    databases = settings.DATABASES["default"]  # type: ignore[attr-defined]
    monkeypatch.setitem(databases, "ENGINE", engine)

    assert ("tagger.I001" in found()) == told
