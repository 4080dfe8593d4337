"""The search and order that a list, a picture and its neighbours share: read from the address or from a form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from tagging.domain import search_query
from tagging.forms import NOT_TEXT, is_text
from tagging.models import Dataset, Person
from tagging.models.search import Order, Walk
from tagging.services import sessions


@dataclass(frozen=True)
class Asked:
    """What was asked for: the words as typed, and what they mean (or the sentence that says why they mean nothing)."""

    text: str
    order: Order
    walk: Walk
    problem: str

    @property
    def suffix(self) -> str:
        """What follows an address so that the page it leads to keeps the search and order."""
        said = {"q": self.text} if self.text and not self.problem else {}
        if self.order is not Order.NUMBER:
            said["order"] = self.order.value
        return f"?{urlencode(said)}" if said else ""


def asked(request: HttpRequest, dataset: Dataset) -> Asked:
    """The search of this request, `?q=` or a form's `q`. An unreadable one finds everything and says so."""
    values = request.POST if request.method == "POST" and "q" in request.POST else request.GET
    text = values.get("q", "").strip()
    order = Order.NAME if values.get("order") == Order.NAME.value else Order.NUMBER
    try:
        if not is_text(request.META.get("QUERY_STRING", "").encode()):
            raise ValueError(NOT_TEXT)  # noqa: TRY301 - one more reason why a search cannot be read
        query, problem = search_query.parse(text), ""
    except ValueError as sentence:
        query, problem = search_query.parse(""), str(sentence)
    return Asked(text, order, Walk(dataset, query, order), problem)


def asked_or_all(request: HttpRequest, dataset: Dataset) -> Asked:
    """The search of this request, for a page that has no search box: an unreadable one is said and left out."""
    ask = asked(request, dataset)
    if not ask.problem:
        return ask
    messages.warning(request, f"{ask.problem} The search was left out, so these are all images.")
    return replace(ask, text="", problem="")


def after_going_on(dataset: Dataset, answer: Mapping[str, Any], ask: Asked, who: Person) -> str:
    """The address that “next” leads to: the claimed image, the same one again, or the page that says all is done."""
    number = answer.get("next")
    if number is None and answer.get("stay"):
        session = sessions.place(dataset, who)
        number = session.image.number if session and session.image else None
    if number is not None:
        return reverse("tagging:image_detail", args=[dataset.slug, number]) + ask.suffix
    if not answer.get("all_done"):
        return reverse("tagging:dataset_detail", args=[dataset.slug]) + ask.suffix
    return reverse("tagging:dataset_finished", args=[dataset.slug])
