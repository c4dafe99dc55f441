"""Every page at 320 px, the width of a small telephone or of a laptop at 400 %.

`Visitor.looks` checks each page, above all that nothing scrolls sideways.
"""

import pytest
from django.urls import reverse

from clinical.services import record_allergy
from hms.core.rights import SYSTEM
from tests.addresses import OUR_ROUTES
from tests.billing.rows import held, paid, started
from tests.browser.rows import given_a_doctor
from tests.clinical.rows import PENICILLIN
from tests.factories import at

JOIN = "/me/waiting/join/"  # whom one waits for is in its address
OWN_PAGES = [
    route for _name, route in OUR_ROUTES if route.startswith("/me/") and "<" not in route and route != JOIN
]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def stranger(visitor):
    return visitor(width=320)


def test_public_pages_fit_into_320_pixels(stranger):
    doctor = given_a_doctor("Dr Venkatanarasimharajuvaripeta Subramaniam", "Otorhinolaryngology")

    stranger.opens("/")
    stranger.opens("/doctors/")
    stranger.opens("/doctors/?q=nobody")
    stranger.opens(doctor.get_absolute_url())
    stranger.opens(reverse("scheduling:show-department", args=[doctor.department.slug]))
    stranger.opens(reverse("account_login"))
    stranger.opens(reverse("account_signup"))
    stranger.opens(reverse("account_reset_password"))
    stranger.is_refused("/doctors/nobody/", 404)


def test_the_pages_of_a_patient_fit_into_320_pixels(stranger):
    scene = held(at(10, 30, days=1), given_a_doctor())
    waiting = started(scene)
    stranger.logs_in_as(scene.carer)

    stranger.opens(reverse("billing:check-booking", args=[scene.visit.reference]))
    stranger.opens(reverse("billing:pay-simulated", args=[waiting.reference]))
    payment = paid(scene)
    stranger.opens(reverse("scheduling:show-confirmation", args=[scene.visit.reference]))
    stranger.opens(reverse("billing:show-receipt", args=[payment.reference]))
    stranger.opens(reverse("scheduling:reschedule", args=[scene.visit.reference]))
    stranger.opens(reverse("scheduling:cancel", args=[scene.visit.reference]))
    record_allergy(patient=scene.patient, **PENICILLIN, by=SYSTEM)
    for address in [f"{JOIN}?doctor={scene.visit.doctor.reference}", *OWN_PAGES]:
        stranger.opens(address)
