"""The folder that an import reads: that it is one, and none of our own."""

import os

from tagging.domain import filenames
from tagging.errors import Refused
from tagging.services.importing.walk import MARK_OF_DATA, is_inside


def folder_to_read(folder: str | bytes, data_folder: bytes) -> bytes:
    """The absolute path without links of a folder that can be read.

    Raises Refused, with one sentence, when there is no such folder, it is no folder, cannot be listed, or is ours.
    """
    path = os.fsencode(folder)
    if not path:
        raise Refused("No folder is named: say which one to read (“.” is the one you are in).")
    shown = filenames.display_path(path)
    root = os.path.realpath(path)
    try:
        with os.scandir(root):
            pass
    except (FileNotFoundError, ValueError) as problem:
        raise Refused(f"There is no folder “{shown}”.") from problem
    except NotADirectoryError as problem:
        raise Refused(f"“{shown}” is not a folder.") from problem
    except OSError as problem:
        raise Refused(f"“{shown}” cannot be read: {problem.strerror or problem}.") from problem
    if is_inside(root, data_folder) or os.path.lexists(os.path.join(root, MARK_OF_DATA)):  # noqa: PTH118 - bytes paths
        raise Refused(f"“{shown}” is a folder of Tagger's own data: name the folder that your pictures are in.")
    return root
