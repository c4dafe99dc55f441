"""A change of the description that takes something away from clients is found, and needs a new version."""

import json
from copy import deepcopy
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms.api.docs import PUBLISHED, SCHEMA
from tests.api.compatibility import breaks, is_allowed

pytestmark = pytest.mark.feature("I02")

PUBLIC, DRAWN = (json.loads(path.read_text()) for path in (PUBLISHED, SCHEMA))
WORD = {"type": "string", "enum": ["a", "b"]}
BASE = {
    "info": {"version": "1.4.0"},
    "components": {
        "schemas": {
            "Row": {
                "type": "object",
                "required": ["ref", "tree"],
                "properties": {
                    "ref": {"type": "string"},
                    "at": {"type": "string", "format": "date-time"},
                    "kind": {"oneOf": [WORD, {"enum": [""]}]},
                    "tree": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
                },
            },
            "New": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 20},
                    "kind": WORD,
                    "fee": {"type": ["number", "null"], "minimum": 0},
                },
            },
        }
    },
    "paths": {
        "/rows/{ref}/": {
            "post": {
                "security": [{"token": []}, {}],
                "parameters": [
                    {"in": "path", "name": "ref", "required": True, "schema": {"type": "string"}},
                    {"in": "query", "name": "q", "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}
                },
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Row"}}}
                    },
                    "404": {"description": "Gone"},
                },
            }
        }
    },
}
POST = "paths./rows/{ref}/.post"
ROW, NEW = "components.schemas.Row", "components.schemas.New"
GONE = object()


def changed(path: str, value) -> dict:
    """The description with something else at the path, or without it."""
    *steps, last = path.split(".")
    description = deepcopy(BASE)
    place = reduce(lambda part, step: part[int(step) if isinstance(part, list) else step], steps, description)
    last = int(last) if isinstance(place, list) else last
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return description


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (POST, GONE, "POST /rows/{}/: the operation is gone"),
        (f"{POST}.security", [{"token": []}], "asks for a login now"),
        (f"{POST}.parameters.1", GONE, "parameter q is gone"),
        (f"{POST}.parameters.1.required", True, "parameter q is required now"),
        (f"{POST}.parameters.1.schema", {"type": "integer"}, "parameter q has fewer types"),
        (f"{POST}.requestBody.required", True, "the body is required now"),
        (f"{POST}.requestBody", GONE, "takes no application/json any more"),
        (f"{POST}.responses.200", GONE, "does not answer 200 any more"),
        (f"{POST}.responses.200.content", {"text/csv": {}}, "200 is not application/json any more"),
        (f"{NEW}.required", ["name", "kind"], "body: kind is required now"),
        (f"{NEW}.properties.name", GONE, "body: name is gone"),
        (f"{NEW}.properties.name.maxLength", 19, "body: name has another maxLength"),
        (f"{NEW}.properties.name.pattern", "^a", "body: name has another pattern"),
        (f"{NEW}.properties.kind.enum", ["a"], "body: kind takes fewer words"),
        (f"{NEW}.properties.fee.type", "number", "body: fee has fewer types"),
        (f"{NEW}.properties.fee.minimum", 1, "body: fee has another minimum"),
        (f"{ROW}.properties.ref", GONE, "answer 200: ref is gone"),
        (f"{ROW}.properties.ref.type", ["string", "null"], "answer 200: ref can be null now"),
        (f"{ROW}.properties.ref.type", "integer", "answer 200: ref can be integer now"),
        (f"{ROW}.properties.at.format", "date", "answer 200: at has another format"),
        (f"{ROW}.properties.tree", {"type": "array", "items": {"type": "string"}}, "answer 200: tree can be"),
        (f"{ROW}.required", ["tree"], "answer 200: ref is not always there now"),
    ],
)
def test_what_breaks_clients_is_named(path, value, told):
    found = breaks(BASE, changed(path, value))

    assert [told in one for one in found] == [True]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("paths./more/", {"get": {"responses": {"200": {}}}}),
        (f"{POST}.responses.404", GONE),
        (f"{POST}.responses.409", {"description": "Taken"}),
        (f"{POST}.security", [{}]),
        (f"{POST}.parameters.0.name", "reference"),
        (f"{NEW}.properties.more", {"type": "string"}),
        (f"{NEW}.properties.name.maxLength", 21),
        (f"{NEW}.properties.name.maxLength", GONE),
        (f"{NEW}.properties.kind.enum", ["a", "b", "c"]),
        (f"{NEW}.required", []),
        (f"{NEW}.properties.fee.minimum", -1),
        (f"{ROW}.properties.more", {"type": "string"}),
        (f"{ROW}.properties.kind.oneOf.0.enum", ["a", "b", "c"]),
        (f"{ROW}.required", ["ref", "tree", "at"]),
        (f"{ROW}.description", "Otherwise said."),
    ],
)
def test_what_is_added_breaks_nobody(path, value):
    assert breaks(BASE, changed(path, value)) == []


def properties(description: dict) -> list[tuple[str, str]]:
    schemas = description["components"]["schemas"]
    return sorted((name, field) for name, schema in schemas.items() for field in schema.get("properties", ()))


@given(st.sampled_from(properties(PUBLIC)))
def test_every_field_that_operations_use_is_missed(chosen):
    name, field = chosen
    description = deepcopy(PUBLIC)
    del description["components"]["schemas"][name]["properties"][field]
    used = name != "Problem" and f"schemas/{name}" in json.dumps(PUBLIC)

    assert any(f"{field} is gone" in one for one in breaks(PUBLIC, description)) == used
    assert breaks(description, PUBLIC) == []


def test_a_break_needs_another_first_number_of_the_version():
    without = changed(POST, GONE)

    assert not is_allowed(BASE, without)
    assert is_allowed(BASE, without | {"info": {"version": "2.0.0"}})
    assert not is_allowed(BASE, without | {"info": {"version": "1.5.0"}})


def test_clients_of_the_published_description_can_go_on():
    assert is_allowed(PUBLIC, DRAWN), breaks(PUBLIC, DRAWN)
