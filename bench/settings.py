"""The site's own settings, with one view more: the empty one that others are measured against."""

from tagger_site.settings import *  # noqa: F403 - a settings module takes all

ROOT_URLCONF = "bench.urls"
