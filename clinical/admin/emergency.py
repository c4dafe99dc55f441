"""Opening the record of a patient whom one does not treat: a reason, the password again, an hour."""

from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Patient
from clinical.exceptions import WrongPassword
from clinical.forms.emergency import EmergencyForm
from clinical.services import open_emergency_access
from hms.core.refusals import put_on_form
from hms.core.signals import access_denied

OPEN = "emergency_accesses"  # in the session: when the accesses end, and of which patients


def show_emergency(site, request):
    if not request.user.has_perm("clinical.add_emergencyaccess"):
        raise PermissionDenied
    form = EmergencyForm(request.POST or None, initial={"mrn": request.GET.get("mrn", "")})
    if request.method == "POST" and form.is_valid():
        try:
            return opened(request, form)
        except ValidationError as refusal:
            put_on_form(form, refusal)
    page = site.each_context(request) | {
        "title": _("Emergency access"),
        "form": form,
        "minutes": settings.CLINICAL["emergency_access_minutes"],
    }
    return TemplateResponse(request, "admin/clinical/emergency.html", page)


def opened(request, form: EmergencyForm) -> HttpResponseRedirect:
    if limited := ratelimit.consume_or_429(request, action="reauthenticate", user=request.user):
        return limited
    if not request.user.check_password(form.cleaned_data["password"]):
        access_denied.send(Patient, request=request, key=form.cleaned_data["mrn"], field="mrn")
        raise WrongPassword
    mrn, reason = form.cleaned_data["mrn"], form.cleaned_data["reason"]
    access = open_emergency_access(mrn=mrn, reason=reason, by=request.user)
    lasting = request.session.get(OPEN, [])
    request.session[OPEN] = [*lasting, [access.patient.mrn, access.ends_at.timestamp()]]
    return HttpResponseRedirect(reverse("admin:chart", args=[access.patient.mrn]))
