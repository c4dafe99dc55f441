import pytest

from tests.billing.rows import booked, held, paid
from tests.factories import carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B04")]


@pytest.mark.parametrize("page", ["/book/{}/done/", "/me/appointments/{}/"])
def test_an_unpaid_visit_says_so_and_links_to_the_payment(client, page):
    scene = booked()
    client.force_login(scene.carer)

    text = client.get(page.format(scene.visit.reference)).content.decode()

    assert "₹559.00" in text
    assert f'href="/me/bills/{scene.invoice.reference}/pay/"' in text


@pytest.mark.parametrize("page", ["/book/{}/done/", "/me/appointments/{}/"])
def test_a_paid_visit_links_to_its_receipt(client, page):
    scene = held()
    payment = paid(scene)
    client.force_login(scene.carer)

    text = client.get(page.format(scene.visit.reference)).content.decode()

    assert f'href="/me/bills/{payment.reference}/receipt/"' in text


def test_a_carer_who_may_not_pay_does_not_see_the_bill(client):
    scene = booked()
    client.force_login(carer_of(scene.patient, may_pay=False))

    text = client.get(f"/me/appointments/{scene.visit.reference}/").content.decode()

    assert scene.visit.reference in text
    assert "₹559.00" not in text


def test_the_desk_takes_the_money_from_the_visits_page(client):
    scene = booked()
    client.force_login(staff("receptionist"))
    page = f"/admin/scheduling/appointment/{scene.visit.pk}/change/"
    address = f"/admin/billing/payment/take/{scene.visit.reference}/"

    due = client.get(page).content.decode()
    client.post(address, {"method": "cash", "key": "key-00000001"})
    done = client.get(page).content.decode()

    assert (f'href="{address}"' in due, f'href="{address}"' in done) == (True, False)


def test_a_doctor_sees_the_visit_without_its_bill(client):
    scene, doctor = booked(), staff("doctor")
    scene.doctor.user = doctor
    scene.doctor.save()
    client.force_login(doctor)

    text = client.get(f"/admin/scheduling/appointment/{scene.visit.pk}/change/").content.decode()

    assert scene.visit.reference in text
    assert ("₹559.00" in text, "/admin/billing/" in text) == (False, False)
