from django.urls import path

from tagging.views import accounts, datasets, exports, grid, images, imports, media, settings, suggestions, tags

app_name = "tagging"

_dataset = "datasets/<slug:slug>/"
_image = _dataset + "images/<int:number>/"

urlpatterns = [
    path("", datasets.dataset_list, name="dataset_list"),
    path("healthz", accounts.healthz, name="healthz"),
    # People
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("account/", accounts.account, name="account"),
    path("account/theme/", accounts.theme, name="theme"),
    path("enter/<str:token>/", accounts.enter, name="enter"),
    path("join/<str:token>/", accounts.join, name="join"),
    # Datasets
    path(_dataset, grid.dataset_detail, name="dataset_detail"),
    path(_dataset + "resume/", datasets.dataset_resume, name="dataset_resume"),
    path(_dataset + "next/", datasets.image_next, name="image_next"),
    path(_dataset + "finished/", datasets.dataset_finished, name="dataset_finished"),
    path(_dataset + "leave/", datasets.dataset_leave, name="dataset_leave"),
    path(_dataset + "settings/", settings.dataset_settings, name="dataset_settings"),
    path(_dataset + "imports/", imports.dataset_imports, name="dataset_imports"),
    path(_dataset + "imports/<int:import_id>/", imports.dataset_import, name="dataset_import"),
    path(_dataset + "export/", exports.dataset_export, name="dataset_export"),
    path(_dataset + "export/zip/", exports.dataset_export_zip, name="dataset_export_zip"),
    path(_dataset + "tags/suggest/", suggestions.tag_suggest, name="tag_suggest"),
    # Images
    path(_image, images.image_detail, name="image_detail"),
    path(_image + "file/", media.image_file, name="image_file"),
    path(_image + "screen/", media.image_screen, name="image_screen"),
    path(_image + "thumb/", media.image_thumb, name="image_thumb"),
    path(_image + "tags/", suggestions.tag_toggles, name="tag_toggles"),
    path(_image + "tags/add/", tags.tag_add, name="tag_add"),
    path(_image + "tags/set/", tags.tag_set, name="tag_set"),
    path(_image + "tags/copy/", tags.tag_copy, name="tag_copy"),
    path(_image + "tags/<int:tag_id>/remove/", tags.tag_remove, name="tag_remove"),
    path(_image + "tags/<int:tag_id>/move/", tags.tag_move, name="tag_move"),
    path(_image + "description/", images.image_description, name="image_description"),
    path(_image + "finish/", images.image_finish, name="image_finish"),
    path(_image + "reopen/", images.image_reopen, name="image_reopen"),
    path(_image + "review/", images.image_review, name="image_review"),
    path(_image + "reject/", images.image_reject, name="image_reject"),
]
