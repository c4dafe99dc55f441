from django.apps import AppConfig

from hms.core import typed_text


class CoreConfig(AppConfig):
    name = "hms.core"
    label = "core"

    def ready(self):
        typed_text.install()
