from http import HTTPStatus

from crispy_forms.helper import FormHelper
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import visible_or_404
from accounts.field_checks import checks_fields
from accounts.forms import DependantForm
from accounts.forms.layout import in_sections
from accounts.forms.particulars import ABOUT, ADDRESS, ADDRESS_ROWS
from accounts.models import CONSENT, Guardianship, Patient, Relation
from accounts.services import register_dependant, revoke_guardianship
from hms.core.buttons import way_back
from hms.core.refusals import KeyReused, put_on_form


@login_required
@require_safe
def list_family(request):
    """The people whom the user cares for, and the carers of the user's own patient."""
    guardianships = Guardianship.objects.visible_to(request.user).concerning(request.user).in_force()
    guardianships = list(guardianships.for_list().order_by("patient__full_name", "pk"))
    held = [guardianship for guardianship in guardianships if guardianship.user_id == request.user.pk]
    own = {guardianship.patient_id for guardianship in held if guardianship.relation == Relation.SELF}
    context = {
        "cared_for": [guardianship for guardianship in held if guardianship.relation != Relation.SELF],
        "carers": [
            guardianship
            for guardianship in guardianships
            if guardianship.patient_id in own and guardianship.user_id != request.user.pk
        ],
    }
    return render(request, "accounts/list_family.html", context)


def _dependant_form(request) -> DependantForm:
    own = _own_patient(request.user)
    household = {name: getattr(own, name) for name in (*ADDRESS, "phone")} if own else {}
    return DependantForm(request.POST or None, initial=household, is_patient=own is not None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@checks_fields(_dependant_form)
def add_dependant(request):
    form = _dependant_form(request)
    if request.method == "POST" and form.is_valid():
        guardianship = _register(request, form)
        if guardianship is not None:
            name = guardianship.patient.full_name
            messages.success(request, _("%(name)s is now in your family.") % {"name": name})
            return redirect(way_back(request, reverse("accounts:list-family")))
    return render(request, "accounts/add_dependant.html", {"form": form, "helper": _layout(form)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_care(request, reference: str):
    """End a guardianship held by the user or for the user's own patient, after a confirmation."""
    guardianships = Guardianship.objects.visible_to(request.user).concerning(request.user)
    others = guardianships.exclude(relation=Relation.SELF)
    guardianship = visible_or_404(request, others.for_list(), reference)
    if not guardianship.is_in_force:
        messages.info(request, _("This access had already ended."))
        return redirect("accounts:list-family")
    context = {"guardianship": guardianship, "is_mine": guardianship.user_id == request.user.pk}
    if request.method == "POST":
        visits = request.POST.get("visits", "")
        try:
            revoke_guardianship(guardianship=guardianship, visits=visits, by=request.user)
        except ValidationError as refusal:
            context |= {"refusal": refusal.messages[0]}
            return render(request, "accounts/revoke_care.html", context, status=HTTPStatus.CONFLICT)
        messages.success(request, _("The access has ended."))
        return redirect("accounts:list-family")
    return render(request, "accounts/revoke_care.html", context)


def _register(request, form: DependantForm) -> Guardianship | None:
    try:
        return register_dependant(
            by=request.user,
            relation=form.cleaned_data["relation"],
            scopes=form.cleaned_data["scopes"],
            consent_statement=str(CONSENT),
            particulars=form.particulars(),
            idempotency_key=form.cleaned_data["key"],
        )
    except KeyReused as refusal:
        form.renew_key()
        put_on_form(form, refusal)
        return None
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return None


def _own_patient(user) -> Patient | None:
    held = Guardianship.objects.visible_to(user).in_force().filter(user=user)
    guardianship = held.filter(relation=Relation.SELF).select_related("patient").first()
    return guardianship.patient if guardianship else None


def _layout(form: DependantForm) -> FormHelper:
    return in_sections(
        form,
        (_("Your relation to them"), "relation", "scopes"),
        (_("About them"), *ABOUT),
        (_("How we reach them"), "phone", *ADDRESS_ROWS),
        (_("Consent"), "consent"),
    )
