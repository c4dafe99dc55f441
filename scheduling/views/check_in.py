"""Checking in without a login: from the QR code on the wall, or at a kiosk (`?kiosk`)."""

from http import HTTPStatus

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.field_checks import checks_fields
from audit.capture.requests import client_address
from hms.core.refusals import put_on_form
from hms.core.rights import SYSTEM
from hms.core.shared_counts import shared_counts
from scheduling.forms.check_in import SelfCheckInForm
from scheduling.queues.links import token_of
from scheduling.services import check_in_oneself

A_MINUTE_S = 60


def _form(request) -> SelfCheckInForm:
    return SelfCheckInForm(request.POST or None, initial={"reference": request.GET.get("reference", "")})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@checks_fields(_form)
def check_in(request):
    if request.method == "POST" and not _may_try(request):
        answer = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(A_MINUTE_S)
        return answer
    form, is_kiosk = _form(request), "kiosk" in request.GET
    if request.method == "POST" and form.is_valid():
        try:
            visit = check_in_oneself(**form.cleaned_data, by=SYSTEM)
        except ValidationError as refusal:
            put_on_form(form, refusal)
        else:
            slip = reverse("scheduling:show-slip", args=[token_of(visit)])
            return redirect(f"{slip}?kiosk" if is_kiosk else slip)
    status = HTTPStatus.CONFLICT if form.errors else HTTPStatus.OK
    return render(request, "scheduling/check_in.html", {"form": form, "is_kiosk": is_kiosk}, status=status)


@login_required
@require_safe
def show_poster(request):
    """The QR code for the wall, to print: for staff."""
    if not request.user.is_staff:
        raise PermissionDenied
    address = request.build_absolute_uri(reverse("scheduling:check-in"))
    qr = segno.make(address, error="m", micro=False).svg_data_uri(scale=8, border=2)
    return render(request, "scheduling/check_in_poster.html", {"address": address, "qr": qr})


def _may_try(request) -> bool:
    count = shared_counts().count(f"check-in:{client_address(request)}")
    return count <= settings.CHECK_IN["tries_a_minute"]
