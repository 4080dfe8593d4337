"""Which dataset a folder goes into, and who may put it there."""

from pathlib import Path
from typing import Any

import pytest

from tagging.errors import Forbidden, Gone, Refused
from tagging.models import Dataset, Person
from tests import factories
from tests.importing.pictures import put
from tests.importing.runs import take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_folder_of_a_name_that_another_folder_has_is_refused(tmp_path: Path, owner: Person) -> None:
    put(tmp_path, "one/cats/a.png", "two/cats/b.png")
    take(tmp_path / "one/cats")

    with pytest.raises(Refused, match="--dataset cats"):
        take(tmp_path / "two/cats")

    assert Dataset.objects.get().image_count == 1


def test_folder_goes_into_a_dataset_that_is_named(tmp_path: Path, owner: Person) -> None:
    put(tmp_path, "one/cats/a.png", "two/cats/b.png")
    take(tmp_path / "one/cats")

    take(tmp_path / "two/cats", dataset="cats")

    assert Dataset.objects.get().image_count == 2


def test_folder_renamed_in_its_capitals_is_the_same(tmp_path: Path, owner: Person) -> None:
    put(tmp_path, "Cats/a.png")
    take(tmp_path / "Cats")
    (tmp_path / "Cats").rename(tmp_path / "cats")

    take(tmp_path / "cats")

    assert Dataset.objects.get().image_count == 1


def test_two_folders_that_differ_in_capitals_are_two(tmp_path: Path, owner: Person) -> None:
    put(tmp_path, "Cats/a.png", "cats/b.png")
    take(tmp_path / "Cats")

    with pytest.raises(Refused, match="already"):
        take(tmp_path / "cats")

    assert Dataset.objects.get().image_count == 1


def test_settings_of_a_dataset_that_is_there_stay(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    take(folder, trigger="ohwx")

    again = take(folder, trigger="other", name="Other", prefix="img")

    assert Dataset.objects.get().trigger == "ohwx"
    assert again.notes == ["“cats” is there already, so --name, --trigger changed nothing: see its settings."]


@pytest.mark.parametrize(
    "options", [{"prefix": "a b"}, {"trigger": "a,b"}, {"dataset": "a b"}, {"name": "x" * 201}, {"by": "nobody"}]
)
def test_value_that_breaks_its_rule_is_refused_before_any_work(
    folder: Path, owner: Person, options: dict[str, Any]
) -> None:
    put(folder, "a.png")

    with pytest.raises(Refused):
        take(folder, **options)

    assert Dataset.objects.count() == 0


def test_import_acts_as_whoever_is_named(folder: Path, owner: Person, bob: Person) -> None:
    put(folder, "a.png")

    dataset = take(folder, by="bob").dataset

    assert dataset is not None
    assert dataset.imports.get().person == bob


def test_tagger_may_not_import(cats: Dataset, folder: Path) -> None:
    put(folder, "a.png")

    with pytest.raises(Forbidden):
        take(folder, dataset="cats", by="bob")

    assert cats.images.count() == 0


def test_stranger_may_not_import(cats: Dataset, folder: Path, eve: Person) -> None:
    put(folder, "a.png")

    with pytest.raises(Gone):
        take(folder, dataset="cats", by="eve")

    assert cats.images.count() == 0


def test_import_that_names_nobody_acts_as_the_datasets_owner(cats: Dataset, folder: Path) -> None:
    factories.person("root", superuser=True)
    put(folder, "a.png")

    take(folder, dataset="cats")

    assert cats.imports.get().person == Person.objects.get(username="ada")


def test_first_import_of_all_makes_the_owner(folder: Path, db: None) -> None:
    put(folder, "a.png")

    dataset = take(folder).dataset

    assert dataset is not None
    assert dataset.memberships.get().person.username == "owner"


@pytest.mark.parametrize("name", ["nowhere", "file.png", "data"])
def test_what_is_no_folder_to_read_is_refused(tmp_path: Path, owner: Person, name: str) -> None:
    put(tmp_path, "file.png")
    (tmp_path / "data").mkdir()

    with pytest.raises(Refused):
        take(tmp_path / name)

    assert Dataset.objects.count() == 0
