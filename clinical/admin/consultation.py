"""The page on which a doctor works through a visit: what matters about the patient, and one form."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import visible_or_404
from clinical.admin.in_sight import InSight
from clinical.admin.shortcuts import Shortcuts
from clinical.exceptions import FindingsUnresolved, ReadingsDoubtful
from clinical.forms.encounters import AddendumForm, BeginForm, DiagnosisFormSet, EncounterForm
from clinical.models import Encounter
from clinical.querysets.grounds import about_one_patient
from clinical.services import add_addendum, finish_visit, move_to_prescription, open_encounter, save_draft
from clinical.services.encounters import TEXTS
from clinical.services.offers import offered_pages
from clinical.services.rights import visits_open_to
from clinical.statuses.encounters import EncounterStatus
from hms.core.conflict_words import as_message
from hms.core.edit_conflicts import EditConflict
from hms.core.refusals import put_on_form
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

PRIVATE = Encounter.log_masked  # texts that only their author reads


def show_consultation(site, request, reference: str):
    if not request.user.has_perm("clinical.add_encounter"):
        raise PermissionDenied
    encounters = Encounter.objects.visible_to(request.user)
    appointments = visits_open_to(request.user).filter(Q(encounter=None) | Q(encounter__in=encounters))
    appointment = visible_or_404(request, appointments.select_related("patient", "doctor"), reference)
    encounter = encounters.filter(appointment=appointment).first()
    page = ConsultationPage(site, request, appointment, encounter)
    return page.post() if request.method == "POST" else page.show()


@dataclass
class ConsultationPage:
    site: object
    request: object
    appointment: Appointment
    encounter: Encounter | None
    unsaved: Sequence[str] = ()  # private notes, shown to the person who just typed them

    @property
    def is_draft(self) -> bool:
        return self.encounter is not None and self.encounter.status == EncounterStatus.DRAFT

    @property
    def is_own(self) -> bool:
        return self.encounter.recorded_by_id == self.request.user.pk

    @cached_property
    def data(self):
        return self.request.POST if self.request.method == "POST" else None

    @cached_property
    def form(self) -> EncounterForm:
        return EncounterForm(self.data, row=self.encounter)

    @cached_property
    def shortcuts(self) -> Shortcuts:
        return Shortcuts(self.request)

    @cached_property
    def diagnoses(self):
        """As submitted; the rows fill a form that is not: a submission replaces all lines."""
        if self.data is not None:
            return DiagnosisFormSet(self.data, prefix="diagnosis")
        rows = self.encounter.diagnoses.order_by("position")
        lines = [{"title": str(row), "is_provisional": row.is_provisional} for row in rows]
        return DiagnosisFormSet(initial=lines, prefix="diagnosis")

    def post(self):
        if self.encounter is None:
            return self.begin()
        by_itself = "autosave" in self.request.GET
        if not self.is_draft:
            return self.show_saved(False) if by_itself else self.add()
        saved = self.save()
        if by_itself:
            return self.show_saved(saved)
        if saved and "finish" in self.request.POST:
            return self.finish()
        if not saved:
            return self.show()
        return self.back_here(self.shortcuts.said or _("The draft is saved."), self.shortcuts.place)

    def begin(self):
        form = BeginForm(self.data, row=self.appointment, to=AppointmentStatus.IN_CONSULTATION)
        form.full_clean()
        begin = partial(open_encounter, appointment=self.appointment, by=self.request.user)
        try:
            form.save_unless_changed(begin)
        except EditConflict as conflict:
            messages.warning(self.request, as_message(conflict, self.request.user))
        except ValidationError as refusal:
            messages.error(self.request, " ".join(refusal.messages))
        return HttpResponseRedirect(self.request.path)

    def save(self) -> bool:
        """Whether the draft is saved; otherwise the form says why."""
        if not (self.form.is_valid() & self.diagnoses.is_valid() & self.shortcuts.is_valid()):
            return False
        try:
            self.form.save_unless_changed(self._save)
        except ValidationError as refusal:
            put_on_form(self.form, refusal)
            return False
        return True

    def _save(self) -> None:
        draft = save_draft(
            encounter=self.encounter,
            **self.form.cleaned_data,
            diagnoses=self.diagnoses.lines(),
            by=self.request.user,
        )
        self.encounter = self.shortcuts.carry_out(draft)

    def finish(self):
        """Finish, or show why not. The prescription's page shows readings and takes answers to findings."""
        try:
            finish_visit(encounter=self.encounter, by=self.request.user)
        except (FindingsUnresolved, ReadingsDoubtful) as refusal:
            move_to_prescription(encounter=self.encounter, by=self.request.user)
            messages.error(self.request, " ".join(refusal.messages))
            return HttpResponseRedirect(reverse("admin:prescribe", args=[self.appointment.reference]))
        except ValidationError as refusal:
            self.form = EncounterForm(self.data, row=self.encounter).go_on()
            put_on_form(self.form, refusal)
            return self.show()
        return self.back_here(_("The visit is finished and the record is signed."))

    def add(self):
        """Add to a signed record; offers what was typed into a draft that has been signed meanwhile."""
        if "text" not in self.data:
            self.unsaved = [text for name in PRIVATE if (text := self.typed_into(name))]
            offer = AddendumForm({"text": self.typed_meanwhile()})
            return self.show(addendum=offer, status=HTTPStatus.CONFLICT)
        form = AddendumForm(self.data)
        if not form.is_valid():
            return self.show(addendum=form)
        try:
            add_addendum(encounter=self.encounter, text=form.cleaned_data["text"], by=self.request.user)
        except ValidationError as refusal:
            put_on_form(form, refusal)
            return self.show(addendum=form)
        return self.back_here(_("The addition is saved."))

    def typed_meanwhile(self) -> str:
        """For an addition, which everybody reads who treats the patient: without the author's own columns."""
        labels, shared = EncounterForm.base_fields, (name for name in TEXTS if name not in PRIVATE)
        news = ((labels[name].label, text) for name in shared if (text := self.typed_into(name)))
        return "\n".join(f"{label}: {text}" for label, text in news)

    def typed_into(self, name: str) -> str:
        """What was sent for a text of the record and differs from it."""
        text = self.data.get(name, "").strip()
        return "" if text == getattr(self.encounter, name) else text

    def back_here(self, said: str, place: str = ""):
        messages.success(self.request, said)
        return HttpResponseRedirect(self.request.path + place)

    def show_saved(self, saved: bool):
        """A fragment: when the draft was saved, with the fingerprint of the row as it is now."""
        page = {"saved_at": timezone.now() if saved else None, "is_signed": not self.is_draft}
        page["form"] = self.form
        if saved:
            page["form"] = EncounterForm(row=self.encounter)
        return TemplateResponse(self.request, "admin/clinical/_saved.html", page)

    def show(self, addendum: AddendumForm | None = None, status: int = HTTPStatus.OK):
        page = self.site.each_context(self.request) | {
            "title": _("Consultation"),
            "opts": Appointment._meta,
            "appointment": self.appointment,
            "encounter": self.encounter,
            "in_sight": InSight(self.request.user, self.appointment.patient, self.appointment.pk),
            "offered": offered_pages(self.appointment, self.request.user),
        }
        if self.is_draft and self.is_own:
            page |= {"form": self.form, "diagnoses": self.diagnoses, "shortcuts": self.shortcuts}
            status = self.form.status
        elif self.encounter is not None:
            page |= {"addendum": addendum or AddendumForm(), "unsaved": self.unsaved} | self.signed()
        with about_one_patient(self.request.user, self.appointment.patient):
            template = "admin/clinical/consultation.html"
            return TemplateResponse(self.request, template, page, status=status).render()

    def signed(self) -> dict:
        encounter = self.encounter
        return {
            "paragraphs": paragraphs_of(encounter, self.request.user),
            "diagnosis_rows": encounter.diagnoses.all(),
            "addenda": encounter.addenda.select_related("recorded_by"),
        }


def paragraphs_of(encounter: Encounter, user) -> list[tuple[str, str]]:
    """The texts of a record with their headings; the private note only for its author."""
    names = ["complaint", "history", "examination", "assessment", "plan", "advice"]
    if encounter.is_readable_in_private_by(user):
        names.append("private_note")
    found = ((encounter._meta.get_field(name).verbose_name, getattr(encounter, name)) for name in names)
    return [(label, text) for label, text in found if text]
