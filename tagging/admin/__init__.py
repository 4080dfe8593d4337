"""The admin site. Importing it, as Django's autodiscovery does, registers what is in it and nothing else."""

# First, in whatever order the apps are installed: what these register is taken out below.
import axes.admin  # noqa: F401 - for what it registers
import django.contrib.auth.admin  # noqa: F401 - for what it registers
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group

from tagging.admin import categories, datasets, history, images, memberships, people, tags, transfers

admin.site.site_header = admin.site.site_title = "Tagger administration"
admin.site.index_title = "All datasets"
admin.site.disable_action("delete_selected")

# Rights come from being staff and from memberships, never from groups; the throttle's tables are its own affair.
for unused in (Group, AccessAttempt, AccessFailureLog, AccessLog):
    if admin.site.is_registered(unused):
        admin.site.unregister(unused)

__all__ = ["categories", "datasets", "history", "images", "memberships", "people", "tags", "transfers"]
