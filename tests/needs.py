import os
import shutil
from typing import NoReturn

import pytest


def needs_program(*names: str) -> str:
    """Returns the path of the first of these programs that is installed; without any, see `missing`."""
    for name in names:
        if path := shutil.which(name):
            return path
    return missing(f"{' or '.join(names)} is not installed")


def missing(reason: str) -> NoReturn:
    """A test that is skipped proves nothing: said aloud on a person's machine, a failure where a machine decides."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and with CI set nothing is skipped", pytrace=False)
    pytest.skip(reason)
