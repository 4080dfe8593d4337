"""The bell that services ring on commit, so that open pages of this process need not wait for the feed's next look.

It carries nothing: what happened stands in the log of changes. A change made in another process rings no bell here and
is found half a second later.
"""

import threading

from django.db import transaction

bell = threading.Event()


def wake_on_commit() -> None:
    """Ring when what is being written is committed, and not at all when it is taken back."""
    transaction.on_commit(bell.set)
