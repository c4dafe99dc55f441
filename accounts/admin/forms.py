from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.models import Guardianship, User
from accounts.roles import Role
from accounts.services import registered_with, similar_patients
from accounts.services.duplicates import Match
from hms.core.date_parts import DatePartsField
from hms.core.forms import OnceForm


class PatientForm(OnceForm, forms.ModelForm):
    """Registers a patient once, or changes one; shows possible duplicates before it registers one."""

    by: User  # the person who fills in the form; set by the admin class

    date_of_birth = DatePartsField(label=_("Date of birth"))
    is_another = forms.BooleanField(
        label=_("This is another person: register them"), required=False, widget=forms.HiddenInput
    )

    def clean(self):
        cleaned = super().clean()
        is_sent_again = registered_with(cleaned.get("key"), self.by) is not None
        if self.instance.pk is None and not cleaned.get("is_another") and not is_sent_again:
            self._warn_of_similar(cleaned)
        return cleaned

    def _warn_of_similar(self, cleaned) -> None:
        if not cleaned.get("full_name") or not cleaned.get("date_of_birth"):
            return
        found = similar_patients(
            by=self.by,
            full_name=cleaned["full_name"],
            date_of_birth=cleaned["date_of_birth"],
            phone=cleaned.get("phone"),
            email=cleaned.get("email"),
            abha_number=cleaned.get("abha_number"),
        )
        if found:
            self.fields["is_another"].widget = forms.CheckboxInput()
            self.add_error("is_another", forms.ValidationError(_similar(found), code="similar"))


def _similar(found: list[Match]) -> str:
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a> ({}, {}: {})',
        (
            (
                reverse("admin:accounts_patient_change", args=[match.patient.pk]),
                *(match.patient, match.patient.date_of_birth, match.patient.phone),
                "; ".join(match.reasons),
            )
            for match in found
        ),
    )
    return format_html("{} {}", _("Possible duplicate:"), links)


class GuardianshipForm(forms.ModelForm):
    """Grants a guardianship at the front desk, also one that was revoked before."""

    class Meta:
        model = Guardianship
        fields = (
            *("user", "relation", "may_book", "may_see_records", "may_pay"),
            *("consent_statement", "ends_on"),
        )
        widgets = {"consent_statement": forms.TextInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "consent_statement" in self.fields:
            self.fields["consent_statement"].required = True

    def validate_unique(self):
        """Skip the check: the service renews an existing row."""


class LoginForm(forms.ModelForm):
    """Creates or changes a login; a service assigns the roles."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Administrator and Auditor are given once a second administrator has approved."),
    )
    send_link = forms.BooleanField(label=_("Send a link to choose a password"), required=False, initial=True)

    class Meta:
        model = User
        fields = ("full_name", "email", "phone", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = sorted(self.instance.role_names)

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):  # noqa: ARG002 - Django's signature
        return Role.choices

    def queryset(self, request, queryset):  # noqa: ARG002 - Django's signature
        return queryset.filter(groups__name=self.value()) if self.value() else queryset
