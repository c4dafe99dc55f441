"""JSON in and JSON out, whatever the client accepts."""

import codecs

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.utils import json


class StrictJSONParser(JSONParser):
    """Refuses what programs read differently or no database takes.

    That is a name that comes twice in one object, half a surrogate pair, and nesting without end.
    """

    def parse(self, stream, media_type=None, parser_context=None):  # noqa: ARG002 - the framework's signature
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = codecs.getreader(encoding)(stream)
            data = json.load(text, parse_constant=json.strict_constant, object_pairs_hook=_names_once)
            _refuse_half_characters(data)
        except RecursionError as error:
            raise ParseError("JSON parse error - too deeply nested") from error
        except UnicodeEncodeError as error:
            raise ParseError("JSON parse error - half a character") from error
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from error
        return data


def _names_once(pairs: list[tuple]) -> dict:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name comes twice in an object")
    return named


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
