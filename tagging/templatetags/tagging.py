"""What templates say over and over: icons, numbers, moments, the theme."""

import functools
import posixpath
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tagging.domain import counting

register = template.Library()

STEPS = ((60, "minute"), (60, "hour"), (24, "day"), (7, "week"))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A 16 px picture from the one sprite; the words stand beside it or in a label."""
    return _icon(name) if settings.DEBUG else _known_icon(name)


def _icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


_known_icon = functools.cache(_icon)  # a third of a part's time otherwise, and there are few


@register.simple_tag
def module(entry: str) -> SafeString:
    """A script module, with all that it imports fetched at once instead of one behind the other."""
    links = format_html_join("", '<link rel="modulepreload" href="{}">', ((static(name),) for name in _imports(entry)))
    return format_html('{}<script type="module" src="{}"></script>', links, static(entry))


@functools.cache
def _imports(entry: str) -> tuple[str, ...]:
    """The names of all static files that this one imports, directly or by others, each once."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        path = finders.find(name)
        text = Path(path).read_text(encoding="utf-8") if isinstance(path, str) else ""
        imported = [
            posixpath.normpath(posixpath.join(posixpath.dirname(name), other)) for other in _IMPORT.findall(text)
        ]
        waiting += [other for other in imported if other not in found]
        found |= dict.fromkeys(imported)
    return tuple(found)


_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)


@register.filter
def number(value: int | None) -> str:
    """12345 → 12 345, with a thin space."""
    return counting.number(value or 0)


@register.filter
def plural(value: int, word: str) -> str:
    """3|plural:"image" → 3 images."""
    return counting.counted(value, word)


@register.filter
def size(value: int) -> str:
    """Bytes as people read them."""
    amount = float(value)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the exact time on hover."""
    if moment is None:
        return ""
    exact = moment.astimezone(timezone.get_current_timezone())
    words = _ago((timezone.now() - moment).total_seconds())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', exact.isoformat(), f"{exact:%Y-%m-%d %H:%M:%S %Z}", words
    )


def _ago(seconds: float) -> str:
    if seconds < 45:
        return "just now"
    amount, name = seconds, "second"
    for step, unit in STEPS:
        if amount < step:
            break
        amount, name = amount / step, unit
    return f"{counting.counted(max(1, int(amount)), name)} ago"


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """The theme this person chose: system, light or dark."""
    request = context.get("request")
    if request is None:
        return "system"
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.theme)
    chosen = request.COOKIES.get("tagger_theme", "system")
    return chosen if chosen in ("light", "dark") else "system"


@register.filter
def at(mapping: dict[int, Any], key: int) -> object:
    """The value at a key that only the template knows, or None."""
    return mapping.get(key)
