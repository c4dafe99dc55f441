import json

from django.core.management.base import BaseCommand
from drf_spectacular.generators import SchemaGenerator

from hms.api.docs import PUBLISHED, SCHEMA


class Command(BaseCommand):
    help = "Writes the description of the API, hms/api/openapi.json, from the code."

    def add_arguments(self, parser):
        parser.add_argument(
            "--publish", action="store_true", help="also as the one with which later ones must be compatible"
        )

    def handle(self, **options):
        text = drawn()
        SCHEMA.write_text(text)
        if options["publish"]:
            PUBLISHED.write_text(text)


def drawn() -> str:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return json.dumps(schema, indent=1, sort_keys=False, ensure_ascii=False) + "\n"
