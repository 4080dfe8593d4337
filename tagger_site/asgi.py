import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

application = ProtocolTypeRouter({"http": cast(Any, get_asgi_application())})
