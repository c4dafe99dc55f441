"""Whoever moves a visit is told where it is now and where it would be."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.services import book_appointment
from tests.factories import PatientFactory, at, carer_of, staff
from tests.scheduling.admin_day import page
from tests.scheduling.branches import consults
from tests.scheduling.offers import MONDAY
from tests.scheduling.pages import notices, text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]


@pytest.fixture
def visit(asha):
    """At North, at 9:00."""
    return book_appointment(patient=PatientFactory(), doctor=asha, starts_at=at(9), by=SYSTEM)


@pytest.fixture
def mine(client, visit):
    client.force_login(carer_of(visit.patient))
    return f"/me/appointments/{visit.reference}/reschedule/"


@pytest.mark.parametrize(
    ("moment", "place", "warning"),
    [
        ("20261123T1400Z", "South", ["The new time is at South and no longer at North."]),
        (
            "20261123T1100Z",
            "Video call",
            ["The new time is a video call and no longer a visit at North."],
        ),
        ("20261123T0830Z", "North", []),
    ],
)
def test_the_page_that_confirms_a_move_shows_both_places_and_warns(client, mine, moment, place, warning):
    asked = client.get(mine, {"at": moment})

    assert (asked.context["old_place"], asked.context["new_place"]) == ("North", place)
    assert [each for each in notices(asked) if each.startswith("The new time")] == warning
    assert "From Monday 23 November 9:00 AM North" in text(asked)
    assert "payment" not in text(asked)


def test_the_first_page_says_where_the_visit_is(client, mine):
    assert "9:00 AM, Dr Asha, North." in text(client.get(mine))


def test_the_desk_reads_the_place_of_each_time(client, visit):
    client.force_login(staff("receptionist"))
    move = f"{page('scheduling_appointment_reschedule', visit.pk)}?day={MONDAY}"
    who = f"?patient={visit.patient.reference}&doctor={visit.doctor.reference}"
    book = f"{page('scheduling_appointment_add')}{who}&day={MONDAY}"

    pages = [
        client.get(address) for address in (move, f"{book}&doctor={visit.doctor.reference}&day={MONDAY}")
    ]

    assert [
        [(part.label, place) for part, place, _choices in shown.context["times"].parts] for shown in pages
    ] == [[("Morning", "North"), ("Afternoon", "Video call"), ("Afternoon", "South")]] * 2
    assert "Dr Asha, North" in text(pages[0])
    assert "Afternoon South" in text(pages[1])


def test_other_times_and_visits_of_ended_care_are_shown_with_their_place(client, visit, asha, south):
    consults(south, time(16), time(17), asha)
    client.force_login(carer_of(PatientFactory()))
    gone = client.get(f"/book/{asha.reference}/?at=20261123T0330Z")
    carer = carer_of(visit.patient, relation="child")
    client.force_login(carer)

    ending = client.get(f"/me/family/{carer.guardianships.get().reference}/revoke/")

    assert [offer["label"].rsplit(", ", 1)[1] for offer in gone.context["alternatives"]] == [
        "North",
        "Video call",
        "Video call",
    ]
    assert "9:00 AM, Dr Asha, North" in text(ending)
