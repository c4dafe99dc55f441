from django.core.paginator import Paginator
from django.db.models import QuerySet

from scheduling.own import people_with_records

ROWS_A_PAGE = 20


def rows_of_people(request, rows: QuerySet) -> dict:
    """A page of rows of the people whose records the login may see, or of the one that is asked for."""
    people, person = people_with_records(request)
    patients = [guardianship.patient_id for guardianship in ([person] if person else people)]
    shown = rows.filter(patient__in=patients).select_related("patient")
    return {
        "people": people,
        "person": person.patient if person else None,
        "page": Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
