"""The pages of the admin site: lists that only choose, object pages that only show, and forms that call services.

Django's own way of saving and deleting is switched off for every model, so nothing can go round the services.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import flatten_fieldsets, model_ngettext, unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from tagging.admin.acts import AdminAct, AskForm, sentence
from tagging.errors import Problem, Refused
from tagging.htmx import person
from tagging.services import bulk

M = TypeVar("M", bound=Model)
LISTED = 20  # of the chosen objects, on the page that asks
Ids = list[int]


class ActsAdmin(admin.ModelAdmin[M]):
    """A model in the admin site: staff see all of it, and what can be done is listed here."""

    one: tuple[AdminAct, ...] = ()
    many: tuple[AdminAct, ...] = ()
    new: AdminAct | None = None
    list_per_page = 50
    show_full_result_count = False

    # Who

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.new is not None and self.new.offered(person(request), None)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Filters in an address must not find out, letter by letter, what no page shows."""
        secret = any(word in lookup for word in ("password", "token"))
        return not secret and super().lookup_allowed(lookup, value, request)

    # Where

    def get_urls(self) -> list[URLPattern]:
        own = [self._path(f"acts/{act.name}/", self.many_view, act, f"all_{act.url_name}") for act in self.many]
        own += [self._path(f"<int:object_id>/{act.name}/", self.one_view, act, act.url_name) for act in self.one]
        return own + super().get_urls()

    def _path(self, route: str, view: Callable[..., HttpResponse], act: AdminAct, name: str) -> URLPattern:
        post_only = require_POST(partial(view, act=act))
        return path(route, self.admin_site.admin_view(post_only), name=self._name(name))

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self._name(page)}", args=args)

    def _list(self, request: HttpRequest) -> str:
        """The list as it was searched and filtered."""
        return self.address("changelist") + (f"?{request.GET.urlencode()}" if request.GET else "")

    # Lists

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = [act for act in self.many if act.offered(person(request), None)]
        return {act.name: (partial(_choose, act=act), act.name, act.label) for act in offered}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if chosen and read_ids(",".join(chosen)) is None:
            self.message_user(request, "Choose from the list.", messages.ERROR)
            return HttpResponseRedirect(self._list(request))
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def many_page(
        self, request: HttpRequest, act: AdminAct, objects: Sequence[M], form: AskForm | None = None, status: int = 200
    ) -> HttpResponse:
        """Ask what an act on many objects needs, and say beforehand how many it is about."""
        context = {
            "title": act.label,
            "act": act,
            "form": form or act.ask(objects),
            "objects": objects[:LISTED],
            "more": max(0, len(objects) - LISTED),
            "ids": ",".join(str(each.pk) for each in objects),
            "how_many": f"{len(objects)} {model_ngettext(self.opts, len(objects))}",
            "foretold": act.foretell(objects),
            "action": self.address(f"all_{act.url_name}") + (f"?{request.GET.urlencode()}" if request.GET else ""),
            "back": self._list(request),
        }
        return self._render(request, "admin/tagging/act.html", context, status)

    def many_view(self, request: HttpRequest, act: AdminAct) -> HttpResponse:
        ids = sorted(set(read_ids(request.POST.get("ids", "")) or []))[: bulk.LARGEST + 1]
        objects = self._in(ids, request)
        if not ids or len(objects) < len(ids):
            self.message_user(request, "Some of what you chose is no longer there. Choose again.", messages.ERROR)
            return HttpResponseRedirect(self._list(request))
        form, status = self.attempt(request, act, objects, objects, lambda: self._in(ids, request))
        if status:
            return self.many_page(request, act, objects, form, status)
        return HttpResponseRedirect(self._list(request))

    def _in(self, ids: Ids, request: HttpRequest) -> list[M]:
        return list(self.get_queryset(request).filter(pk__in=ids).order_by("pk"))

    # One object

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        shown = self.get_object(request, unquote(object_id))
        return self._gone(request) if shown is None else self.object_page(request, shown)

    def one_view(self, request: HttpRequest, object_id: int, act: AdminAct) -> HttpResponse:
        about = self.get_object(request, str(object_id))
        if about is None:
            return self._gone(request)
        form, status = self.attempt(
            request, act, [about], about, lambda: list(self.get_queryset(request).filter(pk=about.pk))
        )
        now = self.get_object(request, str(object_id))
        if now is None:
            return HttpResponseRedirect(self.address("changelist"))
        return (
            self.object_page(request, now, act, form, status)
            if status
            else HttpResponseRedirect(self.address("change", object_id))
        )

    def object_page(
        self,
        request: HttpRequest,
        shown: M,
        failed: AdminAct | None = None,
        form: AskForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """All that is known of an object, and a form for each thing that can be done to it."""
        offered = [act for act in self.one if act is failed or act.offered(person(request), shown)]
        context = {
            "title": str(shown),
            "original": shown,
            "acts": [
                {
                    "act": act,
                    "form": form if act is failed else act.ask([shown]),
                    "action": self.address(act.url_name, shown.pk),
                }
                for act in offered
            ],
            "facts": self._facts(request, shown),
            "history": self.address("history", shown.pk) if self.has_history(shown) else "",
        }
        return self._render(request, "admin/tagging/object.html", context, status)

    def _facts(self, request: HttpRequest, shown: M) -> helpers.AdminForm:
        sets: list[Any] = list(self.get_fieldsets(request, shown))
        form = self.get_form(request, shown, change=True)(instance=shown)
        return helpers.AdminForm(form, sets, {}, flatten_fieldsets(sets), model_admin=self)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, f"There is no such {self.opts.verbose_name} here.", messages.ERROR)
        return HttpResponseRedirect(self.address("changelist"))

    # History: the changes of the dataset, found by a filter of their list

    def history_filter(self, shown: M) -> dict[str, object]:
        return {}

    def has_history(self, shown: M) -> bool:
        return bool(self.history_filter(shown))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = self.get_object(request, unquote(object_id))
        if shown is None or not self.has_history(shown):
            return self._gone(request)
        changes = reverse("admin:tagging_change_changelist")
        return HttpResponseRedirect(f"{changes}?{urlencode(self.history_filter(shown))}")

    # A new object

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.new is None or not self.has_add_permission(request):
            return self._render(request, "admin/tagging/may_not.html", {"title": "You may not do this here"}, 403)
        form, status = self.new.ask([]), 200
        if request.method == "POST":
            form, status = self.attempt(request, self.new, [], None, list)
            if not status:
                return HttpResponseRedirect(self.address("changelist"))
        context = {
            "title": self.new.label,
            "act": self.new,
            "form": form,
            "action": self.address("add"),
            "back": self.address("changelist"),
        }
        return self._render(request, "admin/tagging/act.html", context, status)

    # Doing it

    def attempt(
        self,
        request: HttpRequest,
        act: AdminAct,
        objects: Sequence[M],
        about: object,
        fresh: Callable[[], Sequence[M]],
    ) -> tuple[AskForm, int]:
        """Do the act. The form, and the status of the page that shows it again: 0 when the act is done."""
        form = act.ask(objects, request.POST)
        if not form.is_valid():
            return form, Refused.status
        try:
            refuse_mixed(objects)
            said = sentence(act.do(person(request), about, form.cleaned_data))
        except Problem as problem:
            form.tell(problem, fresh())
            return form, problem.status
        self.message_user(request, said, messages.SUCCESS)
        return form, 0

    def _render(self, request: HttpRequest, template: str, context: Mapping[str, Any], status: int) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, around | dict(context), status=status)


def read_ids(text: str) -> Ids | None:
    """`1,2,3` as numbers that a database can hold; None when it is anything else."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in parts):
        return None
    return [int(part) for part in parts]


def _choose(admin_of: ActsAdmin[Any], request: HttpRequest, queryset: Any, *, act: AdminAct) -> HttpResponse | None:  # noqa: ANN401 - as Django calls it
    """The list's form was sent: ask what the act needs to know about what was chosen."""
    objects = list(queryset.order_by("pk")[: bulk.LARGEST + 1])
    try:
        refuse_mixed(objects)
    except Refused as problem:
        admin_of.message_user(request, problem.sentence, messages.ERROR)
        return None
    return admin_of.many_page(request, act, objects)


def refuse_mixed(objects: Sequence[Any]) -> None:
    """Raises Refused for more objects than one change takes, and for those of several datasets: an act has one."""
    bulk.refuse_too_many(len(objects))
    if len({getattr(each, "dataset_id", None) for each in objects}) > 1:
        raise Refused("What you chose is of several datasets. Filter the list by one, then choose again.")
