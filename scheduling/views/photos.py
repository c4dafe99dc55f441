from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from scheduling.models import Doctor

A_DAY = 86_400


@require_safe
@cache_control(public=True, max_age=A_DAY)
def show_photo(_request, name: str):
    """Serves doctors' photographs and no other file in the store."""
    doctor = get_object_or_404(Doctor, photo=f"doctors/{name}")
    try:
        return FileResponse(doctor.photo.open())
    except FileNotFoundError:
        raise Http404 from None
