"""The desk's decisions about patients who may be registered twice."""

from http import HTTPStatus

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.access import visible_or_404
from accounts.forms.pairs import DecidedPairForm, PairForm
from accounts.matching import compare
from accounts.models import DuplicatePair, Patient
from accounts.services import decide_pair
from accounts.services.duplicates import person_of
from accounts.statuses import PairStatus
from audit.capture.reads import note
from audit.reading.history import HistoryMixin
from hms.core.admin import ReadOnlyAdmin, VisibleToMixin
from hms.core.refusals import put_on_form


@admin.register(DuplicatePair)
class DuplicatePairAdmin(HistoryMixin, VisibleToMixin, ReadOnlyAdmin):
    list_display = ["decided_at", "patient", "original", "status", "reason", "decided_by"]
    list_select_related = ["patient", "original", "decided_by"]
    list_filter = ["status"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")
    fields = ["reference", "patient", "original", "status", "reason", "decided_by", "decided_at", "change"]

    def get_search_results(self, request, queryset, search_term):  # noqa: ARG002
        return (queryset.matching(search_term) if search_term.strip() else queryset), False

    def get_changelist_instance(self, request):
        listed = super().get_changelist_instance(request)
        note(pair.original for pair in listed.result_list)
        return listed

    def get_object(self, request, *args, **kwargs):
        pair = super().get_object(request, *args, **kwargs)
        if pair:
            note([pair.original])
        return pair

    @admin.display(description=_("change"))
    def change(self, pair):
        page = page_of(pair.patient, pair.original)
        return format_html('<a href="{}">{}</a>', page, _("Change or undo the decision"))


def page_of(one: Patient, other: Patient) -> str:
    return reverse("admin:decide-pair", args=[one.reference, other.reference])


def decide_about_pair(model_admin, request, newer: str, older: str):
    """Two records side by side, what was decided about them, and the decisions that are possible now."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    patients = Patient.objects.visible_to(request.user)
    both = [visible_or_404(request, patients, reference) for reference in (newer, older)]
    one, other = sorted(both, key=lambda patient: -patient.pk)
    pair = DuplicatePair.objects.visible_to(request.user).filter(patient=one, original=other).first()
    if pair:
        form = DecidedPairForm(request.POST or None, row=pair, current=PairStatus(pair.status))
    else:
        form = PairForm(request.POST or None, current=PairStatus.OPEN)
    if request.method == "POST" and form.is_valid() and _decided(model_admin, request, one, other, form):
        return redirect("admin:accounts_patient_possible_duplicates")
    page = model_admin.admin_site.each_context(request) | {
        "title": _("One person or two?"),
        "opts": model_admin.opts,
        "newer": one,
        "older": other,
        "pair": pair,
        "reasons": compare(person_of(one), person_of(other)).reasons,
        "form": form,
    }
    status = getattr(form, "status", HTTPStatus.OK)
    return TemplateResponse(request, "admin/accounts/decide_pair.html", page, status=status)


def _decided(model_admin, request, one: Patient, other: Patient, form: PairForm) -> bool:
    def decide() -> DuplicatePair:
        return decide_pair(one=one, other=other, by=request.user, **form.cleaned_data)

    try:
        pair = form.save_unless_changed(decide) if isinstance(form, DecidedPairForm) else decide()
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    said = f"{one}, {other}: {pair.get_status_display()}"
    model_admin.message_user(request, said, messages.SUCCESS)
    return True
