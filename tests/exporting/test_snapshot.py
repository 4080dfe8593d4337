import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tagging.models import Dataset
from tagging.services.exporting.snapshot import one_moment


def elsewhere(act: Callable[[], object]) -> None:
    """Do something on a connection of its own, to its end."""

    def run() -> None:
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_seen(cats: Dataset) -> None:
    with one_moment():
        before = Dataset.objects.get().name
        elsewhere(lambda: Dataset.objects.update(name="Dogs"))
        after = Dataset.objects.get().name

    assert (before, after, Dataset.objects.get().name) == ("Cats", "Cats", "Dogs")


@pytest.mark.django_db(transaction=True)
def test_an_error_ends_it(cats: Dataset) -> None:
    with pytest.raises(ZeroDivisionError), one_moment():
        raise ZeroDivisionError

    with transaction.atomic():
        Dataset.objects.update(name="Dogs")
    assert Dataset.objects.get().name == "Dogs"


@pytest.mark.django_db
def test_inside_a_transaction_it_is_that_transaction(cats: Dataset) -> None:
    with transaction.atomic():
        Dataset.objects.update(name="Dogs")
        with one_moment():
            seen = Dataset.objects.get().name

    assert (seen, Dataset.objects.get().name) == ("Dogs", "Dogs")
