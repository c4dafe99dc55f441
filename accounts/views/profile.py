from functools import partial

from crispy_forms.helper import FormHelper
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import visible_or_404
from accounts.field_checks import checks_fields
from accounts.forms import ProfileForm
from accounts.forms.layout import in_sections
from accounts.forms.particulars import ADDRESS_ROWS
from accounts.models import Guardianship, Patient, Relation, Scope
from accounts.services import update_patient
from hms.core.refusals import put_on_form


@login_required
@require_safe
def show_profile(request):
    """The particulars of the patients for whom the user acts, the user's own first."""
    held = Guardianship.objects.visible_to(request.user).in_force().filter(user=request.user)
    people = held.select_related("patient__preferred_language")
    people = sorted(people, key=lambda guardianship: guardianship.relation != Relation.SELF)
    return render(request, "accounts/show_profile.html", {"people": people})


def _profile_form(request, reference: str) -> ProfileForm:
    patient = visible_or_404(
        request, Patient.objects.visible_to(request.user).cared_for_by(request.user, Scope.BOOK), reference
    )
    is_self = patient.guardianships.filter(user=request.user, relation=Relation.SELF).exists()
    return ProfileForm(request.POST or None, patient=patient, is_about_user=is_self)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@checks_fields(_profile_form)
def edit_patient(request, reference: str):
    form = _profile_form(request, reference)
    patient, is_self = form.row, form.is_about_user
    if request.method == "POST" and form.is_valid() and _save(request, form, patient):
        messages.success(request, _("Your changes have been saved."))
        return redirect("accounts:show-profile")
    context = {"form": form, "patient": patient, "is_self": is_self, "helper": _layout(form)}
    return render(request, "accounts/edit_patient.html", context, status=form.status)


def _save(request, form: ProfileForm, patient: Patient) -> bool:
    try:
        save = partial(update_patient, patient=patient, by=request.user)
        form.save_unless_changed(lambda: save(particulars=form.changes()))
    except ValidationError as refusal:
        put_on_form(form, refusal)
    return form.is_valid()


def _layout(form: ProfileForm) -> FormHelper:
    return in_sections(
        form,
        (_("About"), "full_name", ("gender", "blood_group"), "abha_number"),
        (_("Contact"), "phone", "email", "preferred_language"),
        (_("Messages"), "wants_email", "wants_sms"),
        (_("Address"), *ADDRESS_ROWS),
        (
            _("Emergency contact"),
            ("emergency_contact_name", "emergency_contact_phone"),
        ),
    )
