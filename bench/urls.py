from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Knows who asks, as every view of ours must, and does nothing else."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [path("bench/empty/", empty), path("", include("tagger_site.urls"))]
