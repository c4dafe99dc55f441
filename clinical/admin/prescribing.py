"""The page on which a doctor prescribes at a visit, and the search for medicines."""

from dataclasses import dataclass, field
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clinical.admin.in_sight import InSight
from clinical.admin.visits import visit_or_404
from clinical.exceptions import DraftChanged, ReadingsDoubtful
from clinical.forms.prescriptions import (
    PrescriptionForm,
    PrescriptionItemFormSet,
    finding_rows,
    initial_of,
    reasons_in,
)
from clinical.models import Medicine, Prescription, PrescriptionTemplate, VitalSigns
from clinical.prescribing.line import PrescriptionLine
from clinical.prescribing.schedule import plain
from clinical.services import repeat_prescription, sign_prescription, write_prescription
from clinical.services.prescription_changes import changes_of
from clinical.services.prescription_lines import doubts_of
from clinical.services.prescription_templates import lines_of
from clinical.services.prescriptions import fingerprint_of
from clinical.services.signing import check_draft
from hms.core.refusals import put_on_form
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment

MOST_FOUND = 12


def prescribe(site, request, reference: str):
    if not request.user.has_perm("clinical.add_prescription"):
        raise PermissionDenied
    page = PrescribingPage(site, request, visit_or_404(request, reference))
    return page.post() if request.method == "POST" else page.show()


def find_medicines(_site, request):
    """A fragment: the medicines that fit what was typed into `q`, or into the box of an item."""
    if not request.user.has_perm("clinical.view_medicine"):
        raise PermissionDenied
    typed = next(
        (text for name, text in request.GET.items() if name == "q" or name.endswith("-medicine")), ""
    )
    rows = Medicine.objects.active().found(typed[:200], MOST_FOUND)
    return TemplateResponse(request, "admin/clinical/_medicines.html", {"medicines": rows})


@dataclass
class PrescribingPage:
    site: object
    request: object
    appointment: Appointment
    data: QueryDict | None = None  # what was sent, until it is saved
    reasons: dict[str, str] = field(default_factory=dict)
    new_lines: list[PrescriptionLine] = field(default_factory=list)  # of this request

    @cached_property
    def draft(self) -> Prescription | None:
        rows = Prescription.objects.visible_to(self.request.user).select_related(
            "repeats", "doctor", "patient"
        )
        return rows.filter(draft_key=self.appointment.pk).first()

    @cached_property
    def form(self) -> PrescriptionForm:
        measured, doubt = VitalSigns.objects.visible_to(self.request.user).last_weight(
            self.appointment.patient
        )
        weight = self.draft.weight_kg if self.draft else measured
        initial = {"seen": fingerprint_of(self.draft), "weight_kg": weight and plain(weight)}
        form = PrescriptionForm(self.data, initial=initial)
        if doubt:
            text = _("The last weight is not plausible (%(why)s). Measure again before a dose depends on it.")
            form.fields["weight_kg"].help_text = text % {"why": doubt}
        return form

    @cached_property
    def items(self):
        return PrescriptionItemFormSet(self.data, initial=initial_of(self.draft), prefix="item")

    def post(self):
        asked = self.request.POST
        if "repeat" in asked:
            return self.act(repeat_prescription, appointment=self.appointment)
        self.data, self.reasons = asked, reasons_in(asked)
        if not (self.form.is_valid() & self.items.is_valid()):
            return self.show()
        try:
            draft = retried_atomic(self.save)(by=self.request.user)
        except DraftChanged as conflict:
            return self.show_both(conflict)
        except ValidationError as refusal:
            put_on_form(self.form, refusal)
            return self.show()
        if doubts := doubts_of(self.new_lines):
            return self.show_saved(ReadingsDoubtful(texts=" ".join(doubts)))
        return self.sign(draft) if "sign" in asked else self.back_here(_("The draft is saved."))

    def save(self, *, by) -> Prescription:
        self.new_lines = [*self.form.cleaned_data["lines"], *self.template_lines()]
        lines = [*self.items.lines(), *self.new_lines]
        return write_prescription(
            appointment=self.appointment,
            items=lines,
            weight_kg=self.form.cleaned_data["weight_kg"],
            seen=self.form.cleaned_data["seen"],
            by=by,
        )

    def template_lines(self) -> list[PrescriptionLine]:
        chosen = self.request.POST.get("template", "")
        rows = self.templates.filter(pk=chosen) if chosen.isdigit() else ()
        return [line for row in rows for line in lines_of(row)]

    @property
    def templates(self):
        return PrescriptionTemplate.objects.usable_by(self.request.user)

    def sign(self, draft: Prescription):
        try:
            signed = sign_prescription(prescription=draft, overrides=self.reasons, by=self.request.user)
        except ValidationError as refusal:
            messages.error(self.request, _("The draft is saved, but not signed."))
            return self.show_saved(refusal)
        messages.success(self.request, _("The prescription is signed."))
        return HttpResponseRedirect(signed.get_absolute_url())

    def act(self, service, **what):
        try:
            service(**what, by=self.request.user)
        except ValidationError as refusal:
            messages.error(self.request, " ".join(refusal.messages))
        return HttpResponseRedirect(self.request.path)

    def show_saved(self, refusal: ValidationError):
        """The draft as it is saved, with the reason why it is not signed and the reasons that were typed."""
        self.data = None
        for name in ("draft", "form", "items"):
            self.__dict__.pop(name, None)
        return self.show(refused=refusal.messages)

    def show_both(self, conflict: DraftChanged):
        """What was typed, with the saved items beside it; saving again replaces them."""
        self.form.data = self.form.data.copy()
        self.form.data["seen"] = fingerprint_of(self.draft)
        saved = list(self.draft.items.order_by("position")) if self.draft else []
        return self.show(refused=conflict.messages, saved=saved, status=409)

    def back_here(self, said: str):
        messages.success(self.request, said)
        return HttpResponseRedirect(self.request.path)

    def show(self, refused=(), saved=None, status: int = 200):
        findings = check_draft(self.draft) if self.draft and self.draft.items.exists() else []
        page = self.site.each_context(self.request) | {
            "title": _("Prescription for %(name)s") % {"name": self.appointment.patient.full_name},
            "opts": Prescription._meta,
            "appointment": self.appointment,
            "in_sight": InSight(self.request.user, self.appointment.patient, self.appointment.pk),
            "draft": self.draft,
            "form": self.form,
            "items": self.items,
            "findings": finding_rows(findings, self.reasons),
            "changes": changes_of(self.draft) if self.draft else [],
            "templates": self.templates,
            "signed": self.signed(),
            "refused": refused,
            "saved_items": saved,
        }
        return TemplateResponse(self.request, "admin/clinical/prescribe.html", page, status=status)

    def signed(self):
        rows = Prescription.objects.visible_to(self.request.user).filter(appointment=self.appointment)
        return rows.signed().order_by("signed_at")
