"""Addresses of sockets."""

from typing import Any, cast

from django.urls import path

from tagging.consumers import DatasetPage

# Channels' types know no patterns that lead to consumers.
websocket_urlpatterns: list[Any] = [path("ws/datasets/<slug:slug>/", cast(Any, DatasetPage.as_asgi()))]
