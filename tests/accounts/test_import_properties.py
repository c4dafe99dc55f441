"""Whatever is in a cell, the stored row says what the cell says, or the row is named as bad."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.ages import age_in_words
from accounts.models import Patient
from accounts.models.patient import BloodGroup, Gender
from accounts.names import tidy, tidy_email
from hms.core.tables.combined import born_on
from hms.core.tables.importing import REPEATS
from hms.core.tables.readings import DateForm
from hms.core.tables.sheets import Sheet, read_sheet
from hms.core.tables.widgets import ChoiceWidget, IsoDateWidget, PhoneWidget
from tests.accounts.foreign import confirm, map_columns, upload

pytestmark = pytest.mark.feature("A06")
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=25)
PHONES = (
    st.from_regex(r"(\+91[ -]?|0|91)?[6-9][0-9xX*]{4}[ -]?[0-9]{5}([,/] ?[0-9]{10})?", fullmatch=True) | CELLS
)
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))


@given(day=DAYS, written=st.sampled_from(DateForm.values), read=st.sampled_from(DateForm.values))
def test_a_date_is_read_in_the_chosen_form_only(day, written, read):
    widget, text = IsoDateWidget(), day.strftime(written)
    widget.form = read
    if read == written:
        assert widget.clean(text) == day
        return
    try:
        found = widget.clean(text)
    except ValueError:
        return
    assert found.strftime(read) == text


@given(text=PHONES)
@example("98xxxxxx10")
@example("98******10")
@example("9.84501E+09")
@example("98450 12345 ext 3")
@example("9845012345, 9845012346")
def test_a_phone_number_keeps_every_digit_or_is_refused(text):
    try:
        found = str(PhoneWidget().clean(text))
    except ValueError:
        return
    digits = "".join(str(int(letter)) for letter in text if letter.isdecimal())
    assert re.fullmatch(r"\+\d+", found)
    assert digits.lstrip("0").endswith(found[3:]) or digits == found[1:]
    assert not re.search(r"[A-Za-z*]", text)


@given(text=CELLS)
@pytest.mark.parametrize("choices", [Gender.choices, BloodGroup.choices])
def test_a_choice_is_one_that_begins_like_the_cell_or_is_refused(choices, text):
    try:
        found = ChoiceWidget(choices).clean(text)
    except ValueError:
        return
    typed = text.strip().casefold().replace("0", "o")
    beginnings = {found[:1].casefold(), str(dict(choices)[found])[:1].casefold()}
    assert typed[:1] in beginnings or typed in {"man", "woman", "w", "unknown"}


@given(
    number=st.integers(0, 120),
    unit=st.sampled_from(["", "y", " years", "m", " months", "w", " weeks", "d", " days"]),
)
def test_a_birth_date_from_an_age_has_that_age(number, unit):
    today = date(2026, 3, 31)
    born = born_on(f"{number}{unit}", today)

    days, months = (today - born).days, (today.year - born.year) * 12 + today.month - born.month
    found = {"d": days, "w": days // 7, "m": months}.get(unit.strip()[:1], today.year - born.year)
    assert found == number


TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2, max_size=6)
)


@given(rows=TABLES, separator=st.sampled_from(",;\t|"))
def test_a_table_is_read_as_it_was_written_whatever_separates_it(rows, separator):
    head = [f"head{place}" for place in range(len(rows[0]))]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(
        [head, *[["kept", *row[1:]] for row in rows]]
    )

    sheet = read_sheet(out.getvalue().encode("utf-8-sig"))

    again = read_sheet(sheet.left_over(dict.fromkeys(range(len(rows)), "reason")))
    assert sheet.headers == head
    assert sheet.numbers == list(range(2, len(rows) + 2))
    assert [row[:-1] for row in again.rows] == sheet.rows


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "Name": CELLS | st.just("Asha Rao"),
            "DOB": DAYS.map(lambda day: day.strftime("%d/%m/%Y")) | CELLS,
            "Sex": st.sampled_from(["F", "m", "Male", "x", ""]),
            "Mobile": PHONES | st.just(""),
            "Blood Group": st.sampled_from(["A+ve", "O neg", "B", "", "-"]),
            "Email": st.emails() | CELLS,
            "City": CELLS,
        }
    ),
    min_size=1,
    max_size=6,
)


def file_of(rows) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


class Undone(Exception):
    pass


GOOD = {"Name": "Asha Rao", "DOB": "03/04/1984", "Sex": "F", "Mobile": "098450 12345"}
GOOD |= {"Blood Group": "A+ve", "Email": "Asha@Example.org", "City": " =1+1 "}


@QUICK
@given(rows=ROWS)
@example([GOOD, GOOD | {"Mobile": "98xxxxxx10"}, GOOD | {"Name": "12345"}, GOOD | {"DOB": "04/03/1985"}])
@example([GOOD, GOOD | {"City": "x" * 81}, GOOD | {"City": "'-2+3"}, GOOD | {"City": "\u202eevil\x07"}])
@pytest.mark.django_db
@pytest.mark.usefixtures("administrator")
def test_every_row_is_stored_as_it_says_or_named_and_twice_is_told(client, rows):
    try:
        with transaction.atomic():
            check_import(client, rows)
            raise Undone
    except Undone:
        pass


def check_import(client, rows) -> None:
    sheet = read_sheet(file_of(rows).encode())
    ready = import_rows(client, rows)
    bad = {number for number, _reasons in ready.context["bad"]}
    bad -= {row.number for row in ready.context["result"].rows if row.digest.startswith(REPEATS)}
    good = [row for number, row in zip(sheet.numbers, sheet.rows, strict=True) if number not in bad]
    if good:
        confirm(client, ready, with_repeats="on")
    stored = list(Patient.objects.order_by("pk"))
    assert len(stored) == len(good)
    for patient, cells in zip(stored, good, strict=True):
        says(patient, Sheet(sheet.headers, [cells], [2]))
    if good:
        again = import_rows(client, rows)
        assert again.context["good"] == []
        assert again.context["repeats"] == len(good)


def import_rows(client, rows):
    shown = upload(client, file_of(rows))
    columns = {"Name": "full_name", "DOB": "date_of_birth", "Sex": "gender", "Mobile": "phone"}
    columns |= {"Blood Group": "blood_group", "Email": "email", "City": "city"}
    return map_columns(client, shown, date_form="%d/%m/%Y", **columns)


def says(patient: Patient, sheet: Sheet) -> None:
    cells = dict(zip(sheet.headers, sheet.rows[0], strict=True))
    assert patient.full_name == tidy(cells["Name"])
    assert patient.date_of_birth.strftime("%d/%m/%Y") == cells["DOB"]
    assert patient.gender[0] == cells["Sex"].lower()[0]
    assert patient.blood_group == {"A+ve": "A+", "O neg": "O-"}.get(cells["Blood Group"], "")
    assert patient.email == tidy_email(cells["Email"])
    assert patient.city == tidy(cells["City"])
    assert bool(patient.phone) == bool(cells["Mobile"])


def test_the_age_that_staff_see_is_the_age_in_the_file():
    today = timezone.localdate()

    assert [
        age_in_words(born_on(text, today), today) for text in ("34", "7 months", "5 weeks", "10 days")
    ] == [
        "34 years",
        "7 months",
        "5 weeks",
        "10 days",
    ]
