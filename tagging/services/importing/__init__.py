"""Reading a folder into a dataset.

Nothing is imported here at the top: the processes that decode pictures import this package too, and know no Django.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagging.services.importing.options import Options
    from tagging.services.importing.run import Listener
    from tagging.services.importing.summary import Result


def run_import(options: "Options", listener: "Listener | None" = None) -> "Result":
    """Read a folder into a dataset, or (`dry_run`) find out what that would do and write nothing.

    Ends early, with what was done, when the listener says so; run again it goes on where it stopped.

    Raises:
        Refused: nothing could be done, or the run could not go on (a full disk); one sentence says why.
        Gone, Forbidden: whoever imports may not.
    """
    from tagging.services.importing import run  # noqa: PLC0415 - see above

    return run.run(options, listener or run.Listener())
