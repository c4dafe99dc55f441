"""The floor: the bare framework with one middleware, one indexed SELECT, one atomic INSERT."""

import uuid

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from bench.models import Tick


def select_one(_request, name):
    return HttpResponse(Tick.objects.get(name=name).at.isoformat())


def insert_one(_request):
    with transaction.atomic():
        tick = Tick.objects.create(name=uuid.uuid4().hex, at=timezone.now())
    return HttpResponse(str(tick.pk), status=201)


urlpatterns = [
    path("healthz", lambda _request: HttpResponse("ok")),
    path("floor/select/<str:name>/", select_one),
    path("floor/insert/", insert_one),
]
