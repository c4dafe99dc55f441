"""The description of the API: kept with the code, where a test compares it, and shown by Swagger UI."""

from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SCHEMA = Path(__file__).parent / "openapi.json"
# The description that was published with the last version.
PUBLISHED = SCHEMA.with_name("published.json")


@require_safe
def show_schema(_request):
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/vnd.oai.openapi+json")


@require_safe
def show_docs(request):
    return render(request, "api/docs.html")
