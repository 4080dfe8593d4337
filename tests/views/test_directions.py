"""Words that run from right to left stand beside others, and each in its own direction."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from tagging.models import Dataset, Import, Person
from tests import factories

WORD = "שלום"
UNSEEN = {"title", "textarea", "option"}
VOID = {"meta", "link", "input", "img", "br", "use"}


class Seen(HTMLParser):
    """For each text that holds the word, the elements around it, the nearest last."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, str]] = []
        self.found: list[list[tuple[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            named = dict(attrs)
            self.around.append(("bdi" if named.get("dir") == "auto" else tag, named.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.around.pop()

    def handle_data(self, data: str) -> None:
        if WORD in data:
            self.found.append(list(self.around))

    def loose(self) -> list[list[tuple[str, str]]]:
        """Those that eyes see and that nothing keeps apart."""
        seen = [
            around
            for around in self.found
            if not any(name in UNSEEN or "hidden-text" in classes for name, classes in around)
        ]
        assert seen
        return [around for around in seen if around[-1][0] != "bdi"]


@pytest.mark.parametrize("find", ["", f"?find={WORD}+2"])
@pytest.mark.parametrize("address", ["/", "/datasets/cats/", "/datasets/cats/images/1/", "/datasets/cats/finished/"])
def test_words_are_kept_apart_from_their_neighbours(address: str, find: str, ada: Person) -> None:
    noa = factories.person(WORD)
    cats = factories.dataset("cats", owner=noa, name=WORD, trigger=f"{WORD}1")
    factories.image(cats, tags=[f"{WORD} 3", f"({WORD})"], state="done", name=f"{WORD}.png", description=f"{WORD}!")
    factories.image(cats, state="rejected", state_by=noa)

    seen = _seen(noa, address + find)

    assert seen.loose() == []


def test_imports_keep_words_apart(cats: Dataset, ada: Person) -> None:
    entry = {"path": f"{WORD}.txt", "outcome": "skipped", "reason": "It is empty.", "number": None}
    run = Import.objects.create(
        dataset=cats, person=factories.person(WORD), folder=f"/{WORD}", state="finished", total=1, report=[entry]
    )

    pages = [_seen(ada, address) for address in ("/datasets/cats/imports/", f"/datasets/cats/imports/{run.pk}/")]

    assert [seen.loose() for seen in pages] == [[], []]


def _seen(who: Person, address: str) -> Seen:
    client = Client()
    client.force_login(who)
    seen = Seen()
    seen.feed(client.get(address).content.decode())
    return seen
