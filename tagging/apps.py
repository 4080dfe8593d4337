from django.apps import AppConfig


class TaggingConfig(AppConfig):
    name = "tagging"
    verbose_name = "Tagger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tagging import checks  # noqa: F401, PLC0415 - importing registers them, and models must be there first
