"""JSON in and JSON out, whatever the client accepts."""

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """Refuses what Python reads and no database takes: half a surrogate pair, and nesting without end."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
            _refuse_half_characters(data)
        except RecursionError as error:
            raise ParseError("JSON parse error - too deeply nested") from error
        except UnicodeEncodeError as error:
            raise ParseError("JSON parse error - half a character") from error
        return data


def _refuse_half_characters(value) -> None:
    match value:
        case str():
            value.encode()
        case dict():
            for name, inner in value.items():
                name.encode()
                _refuse_half_characters(inner)
        case list():
            for inner in value:
                _refuse_half_characters(inner)


class AlwaysJson(BaseContentNegotiation):
    def select_parser(self, request, parsers):
        wanted = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(self, request, renderers, format_suffix=None):  # noqa: ARG002
        return renderers[0], renderers[0].media_type
