from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import visible_or_404
from accounts.models import Patient
from audit.reading.history import HistoryMixin
from clinical.admin.chart import patient_or_404
from clinical.files.sending import send_file
from clinical.forms.attachments import AttachForm
from clinical.models import Attachment
from clinical.services import attach_file, release_attachment, withdraw_attachment
from clinical.statuses import AttachmentStatus
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, VisibleToMixin
from hms.core.refusals import put_on_form
from scheduling.models import Appointment

RELEASE, HOLD_BACK, WITHDRAW = "release", "hold_back", "withdraw"
STEPS = [
    ("", "---------"),
    (RELEASE, gettext_lazy("Show it to the patient")),
    (HOLD_BACK, gettext_lazy("Do not show it to the patient")),
    (WITHDRAW, gettext_lazy("Withdraw it: nobody opens it any longer")),
]
SHOWN = (
    *("patient", "title", "kind", "appointment", "file", "file_type", "size", "sha256"),
    *("is_released", "status", "status_reason", "recorded_by", "recorded_at"),
)
MOST_VISITS = 30


class ChangeAttachmentForm(forms.ModelForm):
    """Releases or withdraws a file; the file itself never changes."""

    relies_on = ("is_released", "status")

    step = forms.ChoiceField(label=gettext_lazy("Change"), choices=STEPS)
    reason = forms.CharField(label=gettext_lazy("Reason for withdrawing"), required=False, max_length=200)

    class Meta:
        model = Attachment
        fields = ()


@admin.register(Attachment)
class AttachmentAdmin(HistoryMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    """Files of the patients whom a doctor or nurse treats; new ones are added on the patient's page."""

    list_display = ["patient", "title", "kind", "file_type", "is_released", "status", "recorded_on"]
    list_filter = ["status", "kind", "is_released"]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; `matching` searches
    search_help_text = gettext_lazy("Patient number, phone, e-mail, or the beginning of a name")

    @admin.display(description=gettext_lazy("recorded on"), ordering="recorded_at")
    def recorded_on(self, attachment):
        return date_format(timezone.localtime(attachment.recorded_at), "j M Y")

    @admin.display(description=gettext_lazy("file"))
    def file(self, attachment):
        if attachment.status != AttachmentStatus.CURRENT:
            return attachment.original_name
        address = reverse("admin:download-file", args=[attachment.reference])
        return format_html('<a href="{}">{}</a>', address, attachment.original_name)

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or (obj.status == AttachmentStatus.CURRENT and not obj.is_of_result)
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        return [*SHOWN, *(("step", "reason") if self.has_change_permission(request, obj) else ())]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        return SHOWN

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | {"form": ChangeAttachmentForm})

    def save_with_service(self, request, obj, form):
        step, reason = form.cleaned_data["step"], form.cleaned_data["reason"]
        if step == WITHDRAW:
            withdraw_attachment(attachment=obj, reason=reason, by=request.user)
        else:
            release_attachment(attachment=obj, is_released=step == RELEASE, by=request.user)
        obj.refresh_from_db()


def attach_file_page(site, request, mrn: str):
    """The files of a patient, and the form to add one."""
    if not request.user.has_perm("clinical.add_attachment"):
        raise PermissionDenied
    patient = patient_or_404(request, mrn)
    visits = Appointment.objects.visible_to(request.user).filter(patient=patient).for_list()
    form = AttachForm(request.POST or None, request.FILES or None, visits=visits.order_by("-starts_at"))
    if form.is_valid() and attached(request, patient, form):
        return HttpResponseRedirect(request.path)
    files = Attachment.objects.visible_to(request.user).filter(patient=patient)
    page = {
        **site.each_context(request),
        "title": _("Files of %(patient)s") % {"patient": patient.full_name},
        "patient": patient,
        "form": form,
        "files": files.select_related("recorded_by"),
    }
    return TemplateResponse(request, "admin/clinical/attach_file.html", page)


def attached(request, patient: Patient, form: AttachForm) -> bool:
    try:
        attachment = attach_file(patient=patient, **form.cleaned_data, by=request.user)
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    messages.success(request, _("“%(title)s” is attached.") % {"title": attachment.title})
    return True


def download_file(_site, request, reference: str):
    files = Attachment.objects.visible_to(request.user).current()
    return send_file(visible_or_404(request, files, reference))
