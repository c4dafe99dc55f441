"""An administrator registers an address, sends a test, and disables it; also at 360 px without scripts."""

import pytest
from django.urls import reverse

from hms.webhooks.models import Endpoint
from tests.factories import staff
from tests.webhooks.rows import PUBLIC, queued, registered

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("I04")]


@pytest.mark.parametrize("options", [{}, {"width": 360, "javascript": False}])
def test_an_administrator_keeps_addresses(visitor, options):
    anita = visitor(**options)
    anita.logs_in_as(staff("administrator"))

    anita.opens(reverse("admin:webhooks_endpoint_add"))
    anita.fills(name="Clinic", url=PUBLIC)
    anita.ticks("Everything about bookings")
    anita.presses("Save")
    anita.sees("It is not shown again")
    endpoint = Endpoint.objects.get()
    anita.opens(reverse("admin:webhooks_endpoint_change", args=[endpoint.pk]))
    anita.presses("Send a test")
    anita.sees("A test is on its way")
    anita.presses("Disable")
    anita.sees("Clinic: Disabled: by an administrator")
    queued(registered(name="A system with a rather long name that wraps"), answer=500, attempts=3)
    anita.opens(reverse("admin:webhooks_endpoint_changelist"))
    anita.opens(reverse("admin:webhooks_delivery_changelist"))
    anita.opens(reverse("admin:webhooks_delivery_change", args=[endpoint.deliveries.get().pk]))
