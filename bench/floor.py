"""The floor under the same server and middleware: one indexed SELECT, one atomic INSERT."""

import uuid

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bench.models import Tick


def select_one(_request, name):
    return HttpResponse(Tick.objects.get(name=name).at.isoformat())


@csrf_exempt
def insert_one(_request):
    with transaction.atomic():
        tick = Tick.objects.create(name=uuid.uuid4().hex, at=timezone.now())
    return HttpResponse(str(tick.pk), status=201)
