"""The patient's side of a visit by video: consent first, then the room."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hms.core.refusals import put_on_form
from scheduling.forms.video import JoinVideoForm
from scheduling.own import changeable_appointment_or_404
from scheduling.services import join_video
from scheduling.video import is_expected_by_video, is_open, opens_at, room_address
from scheduling.views.words import words_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, reference: str):
    visit = changeable_appointment_or_404(request, reference)
    if not is_expected_by_video(visit):
        raise Http404
    form = JoinVideoForm(request.POST or None, row=visit)
    if request.method == "POST" and form.is_valid():
        try:
            form.save_unless_changed(lambda: join_video(appointment=visit, by=request.user))
            return redirect("scheduling:join-video", reference)
        except ValidationError as refusal:
            put_on_form(form, refusal)
    is_now = is_open(visit, timezone.now())
    context = {
        "appointment": visit,
        "form": form,
        "is_open": is_now,
        "opens_at": opens_at(visit),
        "room": room_address(visit) if is_now and visit.video_consent_at else "",
        **words_of(visit),
    }
    return render(request, "scheduling/join_video.html", context, status=form.status)
