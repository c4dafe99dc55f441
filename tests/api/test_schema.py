"""The description of the API is the one that the code gives, and everything in it is as it says."""

import json
import re

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from hms.api.docs import SCHEMA
from hms.api.management.commands import draw_schema
from tests.addresses import API_ROUTES
from tests.api.calls import Caller

pytestmark = pytest.mark.feature("I02")
DESCRIBED = json.loads(SCHEMA.read_text())
NOT_DESCRIBED = {"/api/v1/schema/", "/api/v1/docs/"}


def test_the_stored_description_is_the_one_of_the_code():
    assert draw_schema.drawn() == SCHEMA.read_text(), "run `manage.py draw_schema`"


def test_the_command_writes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(draw_schema, "SCHEMA", tmp_path / "openapi.json")

    call_command("draw_schema")

    assert (tmp_path / "openapi.json").read_text() == SCHEMA.read_text()


def test_every_address_is_described():
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for _name, route in API_ROUTES}

    assert routes - NOT_DESCRIBED == set(DESCRIBED["paths"])


def test_every_field_has_its_line_in_the_documents():
    written = (SCHEMA.parents[2] / "docs" / "api.md").read_text()
    fields = {
        name
        for schema in DESCRIBED["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }

    assert {name for name in fields if f"`{name}`" not in written} == set()


@pytest.mark.django_db
def test_the_description_and_the_page_that_shows_it_are_served_under_the_policy():
    nobody = Caller()

    schema, page = nobody.get("schema/"), nobody.get("docs/")

    assert schema.json() == DESCRIBED
    assert nobody.get("schema/", If_None_Match=schema["ETag"]).status_code == 304
    assert "script-src 'self';" in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|https?://", page.text)
    assert get_resolver().resolve("/api/v1/docs/").view_name == "api:docs"
