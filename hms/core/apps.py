from django.apps import AppConfig

from hms.core import typed_text


class CoreConfig(AppConfig):
    name = "hms.core"
    label = "core"

    def ready(self):
        from hms.core import admin_links, autocomplete, checks  # noqa: F401
        from hms.core.kept_cache import add_jobs

        add_jobs()
        typed_text.install()
        admin_links.install()
        autocomplete.install()
