"""Names that differ in case, accents, blanks or width only are one name."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from hms.core.folded import FoldedKey, fill_keys, fold
from scheduling.models import Department, Specialization
from tests.factories import DepartmentFactory, DoctorFactory, SpecializationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S01")]

SAME = ["cardiology", " Cardiology ", "CARDIOLOGY", "Cárdiology", "Cardio logy", "Ｃａｒｄｉｏｌｏｇｙ"]  # noqa: RUF001


@pytest.mark.parametrize("name", SAME)
def test_a_name_that_exists_in_another_spelling_is_refused_at_the_field(name):
    DepartmentFactory(name="Cardiology")

    with pytest.raises(ValidationError) as refusal:
        DepartmentFactory.build(name=name).full_clean()

    assert refusal.value.message_dict == {"name": ["“Cardiology” already exists."]}


@pytest.mark.parametrize("name", SAME)
def test_the_database_refuses_it_too(name):
    DepartmentFactory(name="Cardiology")

    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentFactory(name=name)

    assert list(Department.objects.values_list("name", flat=True)) == ["Cardiology"]


@pytest.mark.parametrize("change", [{"name": "cardiology"}, {"slug": "HEARTS"}])
def test_an_update_of_rows_and_a_save_of_one_column_set_the_key(change):
    DepartmentFactory(name="Cardiology", slug="hearts")
    other = DepartmentFactory(name="Neurology", slug="nerves")

    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(pk=other.pk).update(**change)
    vars(other).update(change)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(update_fields=list(change))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("हृदय", "हृदया"),
        ("കരൾ", "കരൽ"),
        ("❤", "☂"),
        ("Neurology", "Nephrology"),
        ("B12", "B6"),
        ("KMC 1 23", "KMC 12 3"),
        ("10⁶ IU", "106 IU"),
        ("1½ tablets", "11⁄2 tablets"),  # noqa: RUF001
    ],
)
def test_different_names_stay_different_on_every_database(one, other):
    for name in (one, other):
        SpecializationFactory.build(name=name).full_clean()
        Specialization.objects.create(name=name)

    assert set(Specialization.objects.values_list("name", flat=True)) == {one, other}


def test_a_row_does_not_stand_in_its_own_way():
    department = DepartmentFactory(name="Cardiology")

    department.name = "CARDIOLOGY"
    department.full_clean()
    department.save()

    assert Department.objects.get().name == "CARDIOLOGY"


def test_a_registration_number_names_whose_it_is():
    doctor = DoctorFactory(registration_number="KMC 01", full_name="Dr Asha Rao")

    with pytest.raises(ValidationError) as refusal:
        DoctorFactory.build(department=doctor.department, registration_number="kmc01").full_clean(
            exclude=["specialization"]
        )

    assert refusal.value.message_dict == {"registration_number": ["“KMC 01” already belongs to Dr Asha Rao."]}


def test_rows_of_one_name_from_before_are_kept_and_named():
    for name in ("Cardiology", " cardiology", "Neurology"):
        _without_key(name)

    said = StringIO()
    call_command("migrate", verbosity=1, stdout=said)

    line = "departments: “ cardiology” and “Cardiology” are one name. Rename or delete one of them."
    assert line in said.getvalue().splitlines()
    assert [row.name_key is None for row in Department.objects.order_by("pk")] == [False, True, False]
    assert fill_keys() == [line]


def test_a_row_of_a_doubled_name_is_saved_when_it_has_another(rows_of_one_name):
    _first, second = rows_of_one_name

    second.name = "Heart surgery"
    second.full_clean()
    second.save()

    assert fill_keys() == []


def test_a_row_of_a_doubled_name_is_saved_under_its_old_name(rows_of_one_name):
    first, second = rows_of_one_name

    for row in (first, second):
        row.is_active = False
        row.full_clean()
        row.save()
    second.save(update_fields=["name"])

    assert list(Department.objects.order_by("pk").values_list("is_active", flat=True)) == [False, False]
    assert [row.name_key is None for row in Department.objects.order_by("pk")] == [False, True]


def test_it_gets_its_key_when_the_name_is_free_and_no_other_shared_name(rows_of_one_name):
    first, second = rows_of_one_name
    first.save()

    second.name = "CARDIOLOGY"
    with pytest.raises(ValidationError):
        second.full_clean()
    first.name = "Hearts"
    first.save()
    second.save()

    assert fill_keys() == []
    assert [row.name_key for row in Department.objects.order_by("pk")] == [
        FoldedKey.key_of("Hearts"),
        FoldedKey.key_of("Cardiology"),
    ]


@pytest.fixture
def rows_of_one_name():
    return _without_key("Cardiology"), _without_key("cardiology")


def _without_key(name: str) -> Department:
    """A row as it was before the columns of the keys."""
    row = DepartmentFactory()
    models.QuerySet(Department).filter(pk=row.pk).update(name=name, name_key=None)
    row.refresh_from_db()
    return row


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_case_and_blanks_around_never_matter(text):
    key = FoldedKey.key_of(text)

    assert FoldedKey.key_of(f" {text}\u00a0") == key
    assert FoldedKey.key_of(text.casefold()) == key
