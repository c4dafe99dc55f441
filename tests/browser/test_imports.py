"""An administrator imports the file of another system on a telephone: axe, width and policy on each page."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Patient
from tests.accounts.foreign import CLINIC, PATIENTS
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db, pytest.mark.feature("A06")]


@pytest.mark.parametrize("options", [{"width": 360, "javascript": False}, {"width": 1280, "dark": True}])
def test_an_administrator_imports_the_file_of_another_system(visitor, options):
    born = date(timezone.localdate().year - 34, 1, 1)  # as the file says
    PatientFactory(full_name="Asha Rao", phone="+919845012345", date_of_birth=born, mrn="H000007")
    ada = visitor(**options)
    ada.logs_in_as(staff("administrator"))

    ada.opens(f"{PATIENTS}import/")
    ada.page.locator("input[type=file]").set_input_files(
        {"name": "clinic.csv", "mimeType": "text/csv", "buffer": CLINIC}
    )
    ada.presses("Continue")
    ada.sees("Not recognised, so that you have to choose: UHID, Ref. by.")
    ada.page.get_by_label("UHID").select_option(label="Ignore this column")
    ada.page.get_by_label("Ref. by").select_option(label="Ignore this column")
    ada.presses("Show what would be imported")
    ada.sees("Mobile: “98xxxxxx10” is not a valid phone number.", "Download these rows")
    ada.sees("Row 2: This looks like Asha Rao (H000007)")
    ada.page.get_by_label("Also import rows that look like people who are here").check()
    ada.presses("Import the good row")
    ada.sees("Ravi Menon")

    assert sorted(Patient.objects.values_list("full_name", flat=True)) == [
        "Asha Rao",
        "Asha Rao",
        "Ravi Menon",
    ]
