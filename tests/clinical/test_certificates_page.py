"""Pages where certificates are issued, printed and listed, for staff and for patients."""

import pytest

from clinical.models import Certificate
from tests.clinical.rows import visit_of
from tests.costs import READ, READ_BY_STAFF
from tests.factories import PatientFactory, carer_of
from tests.opened import opened, send
from tests.scheduling.pages import text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("C18"),
    pytest.mark.usefixtures("wednesday_morning"),
]
LIST = "/me/records/certificates/"
REGISTER = "/admin/clinical/certificate/"
# session, person, the people cared for, number of rows, rows
QUERIES = 5 + READ
# session, person, permissions twice, number of rows, rows
REGISTER_QUERIES = 6 + READ_BY_STAFF


def test_a_doctor_issues_one_on_the_page_of_the_visit_and_prints_it(client, visit, doctor):
    client.force_login(doctor.user)
    page = f"/admin/certificates/new/{visit.reference}/?kind=sick_note"
    answers = {
        "from_on": "2026-06-10",
        "to_on": "2026-06-09",
        "text": "Rest.\n\nDrink.",
        "identification_mark": "Scar",
    }

    refused = client.post(page, answers)
    response = client.post(page, answers | {"to_on": "2026-06-11"}, follow=True)

    certificate = Certificate.objects.get()
    assert refused.context["form"].errors == {"to_on": ["The last day is before the first."]}
    assert response.redirect_chain == [(f"/admin/certificates/{certificate.reference}/", 302)]
    for shown in ("SN/2026/000001", "Sunita Deshpande", "KMC-777", "MBBS, MD", "SN/2026/000001 is issued."):
        assert shown in text(response)
    assert certificate.text == "Rest.\n\nDrink."


def test_the_form_has_a_draft_and_the_boxes_of_its_kind(client, visit, doctor):
    client.force_login(doctor.user)
    page = f"/admin/certificates/new/{visit.reference}/"

    forms = {
        kind: opened(client, f"{page}?kind={kind}") for kind in ("sick_note", "fitness", "referral", "x")
    }

    boxes = {kind: [name for name in form if name != "csrfmiddlewaretoken"] for kind, form in forms.items()}
    assert boxes["sick_note"] == boxes["x"] == ["from_on", "to_on", "identification_mark", "text"]
    assert boxes["fitness"] == ["from_on", "identification_mark", "text"]
    assert boxes["referral"] == ["identification_mark", "text"]
    assert forms["sick_note"]["from_on"] == ["2026-06-10"]
    assert forms["referral"]["text"][0].startswith("Dear colleague,")


def test_the_page_of_a_visit_replaces_a_document_that_the_address_names(client, issue, visit, doctor):
    old = issue()
    client.force_login(doctor.user)
    page = f"/admin/certificates/new/{visit.reference}/?kind=sick_note&replaces={old.reference}"

    shown = text(client.get(page))
    client.post(page, opened(client, page) | {"to_on": "2026-06-11", "identification_mark": "Scar"})

    assert f"The new document replaces {old.number}." in shown
    assert list(Certificate.objects.order_by("pk").values_list("status", "replaces")) == [
        ("replaced", None),
        ("issued", old.pk),
    ]


@pytest.mark.parametrize("prefix", ["/admin/certificates/", LIST])
@pytest.mark.parametrize("size", ["", "?size=a5"])
def test_the_document_is_a_pdf_for_staff_and_patient(prefix, size, client, issue, doctor, patient):
    certificate = issue()
    client.force_login(doctor.user if prefix.startswith("/admin") else carer_of(patient))

    answer = client.get(f"{prefix}{certificate.reference}.pdf{size}")

    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="SN-2026-000001.pdf"'


def test_the_page_leads_to_the_public_page_in_words_and_as_qr_code(client, issue, patient):
    certificate = issue()
    client.force_login(carer_of(patient))

    page = client.get(f"{LIST}{certificate.reference}/")

    code = certificate.document.code
    assert f"http://testserver/verify/{code[:6]}-{code[6:12]}-{code[12:]}/" in page.text
    assert 'src="data:image/svg+xml' in page.text


def test_a_doctor_withdraws_in_the_register(client, issue, doctor):
    certificate = issue()
    page = f"{REGISTER}{certificate.pk}/change/"
    client.force_login(doctor.user)

    send(client, page, {"reason": "Wrong days"})

    certificate.refresh_from_db()
    assert (certificate.status, certificate.status_reason) == ("withdrawn", "Wrong days")
    assert 'name="reason"' not in client.get(page).text


def test_the_register_is_searched_by_number_and_by_patient(client, issue, doctor, patient):
    certificate, other = issue(), issue(appointment=visit_of(PatientFactory(), doctor, hour=10))
    client.force_login(doctor.user)

    found = {
        word: [row.pk for row in client.get(REGISTER, {"q": word}).context["cl"].result_list]
        for word in (other.number.lower(), patient.mrn, "Deshpande", "SN/1999")
    }

    assert list(found.values()) == [[other.pk], [certificate.pk], [certificate.pk], []]


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_for_one_and_for_three(
    count, client, issue, doctor, patient, django_assert_num_queries
):
    for number in range(count):
        issue(text=f"Rest {number}.")
    client.force_login(doctor.user)
    client.get(REGISTER)
    with django_assert_num_queries(REGISTER_QUERIES):
        register = client.get(REGISTER)
    client.force_login(carer_of(patient))
    with django_assert_num_queries(QUERIES):
        listed = client.get(LIST)

    assert (register.context["cl"].result_count, len(listed.context["page"])) == (count, count)
