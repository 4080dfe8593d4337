from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("tagging.urls")),
]
handler400 = "tagging.views.problems.bad_request"
handler403 = "tagging.views.problems.forbidden"
handler404 = "tagging.views.problems.not_found"
handler500 = "tagging.views.problems.server_error"
