from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import visible_or_404
from audit.reading.history import HistoryMixin
from clinical.admin.visits import visit_or_404
from clinical.certificates.papers import paper_of, pdf_of
from clinical.forms.certificates import CertificateForm
from clinical.models import Certificate
from clinical.services import issue_certificate, withdraw_certificate
from clinical.statuses import CertificateKind, CertificateStatus
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, VisibleToMixin
from hms.core.pdf import send_pdf
from hms.core.periods import by_time
from hms.core.refusals import put_on_form
from scheduling.models import Appointment

SHOWN = (
    *("number", "kind", "patient", "appointment", "paper", "from_on", "to_on", "identification_mark"),
    *("text", "replaces", "status", "status_reason", "recorded_by", "recorded_at"),
)


class WithdrawForm(forms.ModelForm):
    """Withdraws a certificate; the document itself never changes."""

    relies_on = ("status",)

    reason = forms.CharField(label=gettext_lazy("Withdraw, because"), max_length=200)

    class Meta:
        model = Certificate
        fields = ()


@admin.register(Certificate)
class CertificateAdmin(HistoryMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    """The register of certificates and letters; a new one is issued on the page of a visit."""

    list_display = ["number", "kind", "patient", "doctor", "from_on", "to_on", "status", "recorded_at"]
    list_filter = ["kind", "status", by_time("recorded_at")]
    list_select_related = ["patient", "appointment__doctor"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; `matching` searches
    search_help_text = gettext_lazy("Number, or patient: number, phone, e-mail, or the beginning of a name")

    @admin.display(description=gettext_lazy("doctor"))
    def doctor(self, certificate):
        return certificate.appointment.doctor

    @admin.display(description=gettext_lazy("document"))
    def paper(self, certificate):
        page = reverse("admin:show-certificate", args=[certificate.reference])
        show = format_html('<a href="{}">{}</a>', page, _("Show and print"))
        if certificate.status != CertificateStatus.ISSUED:
            return show
        page = reverse("admin:issue-certificate", args=[certificate.appointment.reference])
        query = urlencode({"kind": certificate.kind, "replaces": certificate.reference})
        return format_html('{} · <a href="{}?{}">{}</a>', show, page, query, _("Replace by another"))

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.status == CertificateStatus.ISSUED
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        return [*SHOWN, *(("reason",) if self.has_change_permission(request, obj) else ())]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return SHOWN

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | {"form": WithdrawForm})

    def save_with_service(self, request, obj, form):
        withdraw_certificate(certificate=obj, reason=form.cleaned_data["reason"], by=request.user)
        obj.refresh_from_db()


def issue_certificate_page(site, request, reference: str):
    """Issue a certificate about a visit; the address chooses the kind, and may name one to replace."""
    if not request.user.has_perm("clinical.add_certificate"):
        raise PermissionDenied
    visit = visit_or_404(request, reference)
    kind = kind_from(request.GET.get("kind"))
    form = CertificateForm(request.POST or None, kind=kind)
    if form.is_valid() and (certificate := issued(request, visit, kind, form)):
        return HttpResponseRedirect(reverse("admin:show-certificate", args=[certificate.reference]))
    page = {
        **site.each_context(request),
        "title": _("Issue a certificate or letter"),
        "visit": visit,
        "kind": kind,
        "kinds": CertificateKind,
        "replaces": replaced_from(request),
        "form": form,
    }
    return TemplateResponse(request, "admin/clinical/issue_certificate.html", page)


def kind_from(asked: str | None) -> CertificateKind:
    return CertificateKind(asked) if asked in CertificateKind.values else CertificateKind.SICK_NOTE


def replaced_from(request) -> Certificate | None:
    asked = request.GET.get("replaces")
    found = Certificate.objects.visible_to(request.user)
    return visible_or_404(request, found, asked) if asked else None


def issued(request, visit: Appointment, kind: CertificateKind, form) -> Certificate | None:
    replaces = replaced_from(request)
    try:
        certificate = issue_certificate(
            appointment=visit, kind=kind, **form.cleaned_data, replaces=replaces, by=request.user
        )
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return None
    messages.success(request, _("%(number)s is issued.") % {"number": certificate.number})
    return certificate


def show_certificate(_site, request, reference: str):
    certificate = certificate_or_404(request, reference)
    page = paper_of(request, certificate) | {
        "title": f"{certificate.frozen['heading']} {certificate.number}",
        "back": reverse("admin:clinical_certificate_change", args=[certificate.pk]),
        "pdf": reverse("admin:download-certificate", args=[reference]),
    }
    return render(request, "documents/print.html", page)


def download_certificate(_site, request, reference: str):
    certificate = certificate_or_404(request, reference)
    otherwise = reverse("admin:show-certificate", args=[reference])
    return send_pdf(
        request, lambda: pdf_of(request, certificate), name=certificate.number, otherwise=otherwise
    )


def certificate_or_404(request, reference: str) -> Certificate:
    certificates = Certificate.objects.visible_to(request.user).for_paper()
    return visible_or_404(request, certificates, reference)
