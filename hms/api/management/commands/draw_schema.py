import json

from django.core.management.base import BaseCommand
from drf_spectacular.generators import SchemaGenerator

from hms.api.docs import SCHEMA


class Command(BaseCommand):
    help = "Writes the description of the API, hms/api/openapi.json, from the code."

    def handle(self, **_options):
        SCHEMA.write_text(drawn())


def drawn() -> str:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return json.dumps(schema, indent=1, sort_keys=False, ensure_ascii=False) + "\n"
