from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin.duplicates import show_possible_duplicates
from accounts.admin.forms import GuardianshipForm, PatientForm
from accounts.admin.pairs import decide_about_pair
from accounts.admin.resources import PatientResource
from accounts.admin.tables import LoggedTablesMixin
from accounts.models import Guardianship, Patient
from accounts.particulars import Particulars
from accounts.services import (
    grant_guardianship,
    register_patient,
    revoke_guardianship,
    update_patient,
)
from audit.reading.history import HistoryMixin
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, ServiceInline, VisibleToMixin
from hms.core.periods import by_time

ONLY_NEW = ("is_another", "key")


class GuardianshipInline(ServiceInline):
    """The patient's carers. A row can be granted or revoked, not changed."""

    model = Guardianship
    form = GuardianshipForm
    extra = 0
    autocomplete_fields = ["user"]
    readonly_fields = ["consented_at", "consented_by"]
    verbose_name = _("carer")
    verbose_name_plural = _("people who act for this patient (deleting a row revokes their access)")

    def get_queryset(self, request):
        found = super().get_queryset(request).visible_to(request.user).in_force()
        return found.select_related("user", "consented_by", "patient")

    def has_change_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return False

    def has_delete_permission(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return request.user.has_perm("accounts.change_guardianship")


@admin.register(Patient)
class PatientAdmin(
    HistoryMixin, LoggedTablesMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin
):
    form = PatientForm
    resource_classes = [PatientResource]
    inlines = [GuardianshipInline]
    import_export_change_list_template = "admin/accounts/list_patients.html"
    list_display = ["mrn", "full_name", "date_of_birth", "age", "gender", "phone", "duplicate_of"]
    list_display_links = ["mrn", "full_name"]
    list_filter = ["gender", "blood_group", "preferred_language", "is_confidential", by_time("registered_at")]
    show_full_result_count = False
    list_per_page = 50
    search_fields = ["mrn"]  # shows the search box; PatientQuerySet.matching searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")
    autocomplete_fields = ["preferred_language"]
    readonly_fields = ["mrn", "reference", "registered_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *(("mrn", "registered_at"), "full_name", "date_of_birth"),
                    *(("gender", "blood_group"), "phone", "email", *ONLY_NEW),
                ]
            },
        ),
        (
            _("Address"),
            {"fields": ["street", ("city", "postcode"), "county", ("state", "country")]},
        ),
        (
            _("More"),
            {
                "fields": [
                    *("abha_number", "preferred_language", ("wants_email", "wants_sms"), "is_confidential"),
                    ("emergency_contact_name", "emergency_contact_phone"),
                ]
            },
        ),
    ]

    def get_urls(self):
        page = self.admin_site.admin_view
        name = "accounts_patient_possible_duplicates"
        return [
            path("possible-duplicates/", page(partial(show_possible_duplicates, self)), name=name),
            path(
                "possible-duplicates/<str:newer>/<str:older>/",
                page(partial(decide_about_pair, self)),
                name="decide-pair",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_original(request.user)

    @admin.display(description=_("duplicate of"))
    def duplicate_of(self, patient):
        return patient.original_mrn or ""

    @admin.display(description=_("age"), ordering="-date_of_birth")
    def age(self, patient):
        return patient.age_shown

    def get_fieldsets(self, request, obj=None):  # noqa: ARG002
        """Leave out what only the registration asks and sends."""
        if obj is None:
            return self.fieldsets
        (_name, first), *others = self.fieldsets
        fields = [field for field in first["fields"] if field not in ONLY_NEW]
        return [(None, {"fields": fields}), *others]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def save_with_service(self, request, obj, form):
        typed = (
            form.cleaned_data
            if obj.pk is None
            else {name: form.cleaned_data[name] for name in form.changed_data}
        )
        given = {"particulars": Particulars.among(typed)}
        if "is_confidential" in typed:
            given["is_confidential"] = typed["is_confidential"]
        if obj.pk is None:
            key = form.cleaned_data["key"]
            saved = register_patient(by=request.user, idempotency_key=key, **given)
            obj.pk = saved.pk
            obj.refresh_from_db()
        else:
            update_patient(patient=obj, by=request.user, **given)

    def response_add(self, request, obj, post_url_continue=None):
        """On to the patient's page, on which the next step is to book."""
        if "_addanother" in request.POST or IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        said = _("%(patient)s is registered. The next step is to book an appointment.") % {"patient": obj}
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:accounts_patient_change", args=[obj.pk]))

    def save_row_with_service(self, request, row):
        grant_guardianship(
            user=row.user,
            patient=row.patient,
            relation=row.relation,
            scopes=row.scopes,
            by=request.user,
            consent_statement=row.consent_statement,
            ends_on=row.ends_on,
        )

    def delete_with_service(self, request, obj):
        """Revoke a guardianship: only the rows of the inline can be deleted."""
        revoke_guardianship(guardianship=obj, by=request.user)
