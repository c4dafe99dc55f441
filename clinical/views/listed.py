"""The patient's pages of the lists that doctors and nurses keep: what is current, then the past."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Guardianship, Patient
from clinical.models import ListedRecord
from scheduling.own import people_with_records


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    status: str = ""  # of a status: the stored value, which gives the badge its colour


Column = Callable[[ListedRecord], Cell]


def column(label: str, name: str, empty: str = "") -> Column:
    """Show an attribute; of a field with choices its words."""

    def cell(row: ListedRecord) -> Cell:
        words = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
        return Cell(label, str(words) or empty)

    return cell


def status(row: ListedRecord) -> Cell:
    return Cell(_("Status"), row.get_status_display(), row.status)


def recorded_on(row: ListedRecord) -> Cell:
    return Cell(_("Recorded"), date_format(timezone.localtime(row.recorded_at), "j M Y"))


@dataclass(frozen=True)
class ListPage:
    """What the page of one list says; `template` may extend `clinical/list_records.html`."""

    model: type[ListedRecord]
    title: str
    lede: str
    nothing: str  # for a patient with no current entry
    past: str
    columns: tuple[Column, ...]
    past_columns: tuple[Column, ...] = ()  # further ones, for what is no longer current
    template: str = "clinical/list_records.html"

    def cells(self, row: ListedRecord) -> list[Cell]:
        columns = self.columns if row.is_current else (*self.columns, *self.past_columns)
        return [column(row) for column in columns]


@dataclass(frozen=True)
class PatientList:
    """The list of one patient."""

    page: ListPage
    patient: Patient
    rows: list[ListedRecord]

    @property
    def entries(self) -> list[ListedRecord]:
        return self.rows

    @property
    def current(self) -> list[list[Cell]]:
        return [self.page.cells(row) for row in self.entries if row.is_current]

    @property
    def past(self) -> list[list[Cell]]:
        return [self.page.cells(row) for row in self.entries if not row.is_current]


def show_lists(request: HttpRequest, page: ListPage, of: type[PatientList] = PatientList) -> HttpResponse:
    people, person = people_with_records(request)
    context = {
        "page": page,
        "lists": lists_of(request.user, [person] if person else people, page, of),
        "people": people,
        "person": person.patient if person else None,
    }
    return render(request, page.template, context)


def lists_of(user, people: list[Guardianship], page: ListPage, of: type[PatientList]) -> list[PatientList]:
    patients = [guardianship.patient for guardianship in people]
    found = page.model.objects.visible_to(user).filter(patient__in=patients).not_in_error()
    rows = found.order_by("patient_id", "-recorded_at", "-pk")
    by_patient = {key: list(some) for key, some in groupby(rows, lambda row: row.patient_id)}
    return [of(page, patient, by_patient.get(patient.pk, [])) for patient in patients]
