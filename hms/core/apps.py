from django.apps import AppConfig
from django.db.backends.signals import connection_created

from hms.core import typed_text


class CoreConfig(AppConfig):
    name = "hms.core"
    label = "core"

    def ready(self):
        from hms.core import admin_links, autocomplete, checks  # noqa: F401
        from hms.core.database_files import close_new_file
        from hms.core.folded import fill_keys
        from hms.core.kept_cache import add_jobs
        from hms.core.locks import note_cluster
        from hms.core.migrated import when_migrated

        connection_created.connect(close_new_file)
        connection_created.connect(note_cluster)
        add_jobs()
        typed_text.install()
        admin_links.install()
        autocomplete.install()
        when_migrated(fill_keys)
