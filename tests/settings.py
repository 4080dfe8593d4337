"""The site's settings for tests, in a data folder of this process's own, whatever the shell that runs them has set.

pytest-django reads settings before any conftest, so pyproject.toml names this module; commands that tests start in a
process of their own read the site's settings as ever.
"""

import os
import tempfile

_folder = tempfile.TemporaryDirectory(prefix="tagger-tests-")
for _name in list(os.environ):
    if _name in {"DATABASE_URL", "REDIS_URL"} or (_name.startswith("TAGGER_") and not _name.startswith("TAGGER_TEST_")):
        del os.environ[_name]
os.environ["TAGGER_DATA_DIR"] = _folder.name
os.environ["TAGGER_SECRET_KEY"] = "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
os.environ["DJANGO_SETTINGS_MODULE"] = "tagger_site.settings"

from tagger_site.settings import *  # noqa: E402, F403 - the environment comes first; a settings module takes all
