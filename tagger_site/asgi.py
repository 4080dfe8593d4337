import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from tagger_site.body import limit_body

http = limit_body(cast(Any, get_asgi_application()), settings.TAGGER_MAX_BODY)
application = ProtocolTypeRouter({"http": cast(Any, http)})
