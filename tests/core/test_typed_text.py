"""Text that people type: unseen characters are taken out everywhere by one rule."""

import sys
import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Patient, User
from accounts.names import name_key
from audit.models import AuditEvent
from hms.core.folded import FoldedKey
from hms.core.typed_text import clean_text, clean_value
from tests.factories import PatientFactory, UserFactory
from tests.ours import our_models

pytestmark = pytest.mark.feature("A01")
DIRTY = "\ufeffAs\u200bha\u202e \x07Rao\u00ad"
# Signs that are seen although Unicode counts them as formats, for example the Arabic sign of a year.
SEEN_FORMATS = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
WITHOUT_RULE = {"\t", "\n", "\r"}
TEXT_COLUMNS = [
    (model, column)
    for model in our_models()
    for column in model._meta.local_concrete_fields
    if isinstance(column, models.CharField | models.TextField) and not isinstance(column, FoldedKey)
]
every_column = pytest.mark.parametrize(
    ("model", "column"), TEXT_COLUMNS, ids=[f"{m._meta.label}.{c.name}" for m, c in TEXT_COLUMNS]
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (DIRTY, "Asha Rao"),
        ("Jose\u0301", "José"),
        ("\u200b\u2060\ufeff", ""),
        ("\u200d", ""),
        ("\ufe0f", ""),
        ("Asha\u200dRao", "AshaRao"),
        ("line\tone\nline two", "line one line two"),
        ("Asha\x0bRao", "Asha Rao"),
        # Hindi with an explicit half form, Malayalam with an old chillu at the end, Persian with a half space
        ("क्\u200dष", "क्\u200dष"),
        ("അവന\u0d4d\u200d", "അവന\u0d4d\u200d"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("क\u200d\u200d\u200dष", "क\u200dष"),
        ("❤\ufe0f", "❤\ufe0f"),
    ],
)
def test_what_nobody_sees_is_taken_out(typed, kept):
    assert clean_text(typed) == kept


def test_lines_stay_where_a_text_has_lines():
    assert clean_text("one\r\ntwo\t2\x07\u2028three", lines=True) == "one\r\ntwo\t2\nthree"


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaning_twice_changes_nothing_more(typed):
    once = clean_text(typed)

    assert clean_text(once) == once
    assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in once)


def test_no_control_or_format_character_of_unicode_is_forgotten():
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    unseen = {each for each in every if unicodedata.category(each) in ("Cc", "Cf", "Cs")} - SEEN_FORMATS

    assert {each for each in unseen if clean_text(f"a{each}b") not in ("ab", "a b")} == set()
    assert [each for each in SEEN_FORMATS if clean_text(each) != each] == []


@every_column
def test_every_text_column_cleans_what_it_is_given(model, column):
    if getattr(model, "keeps_text_as_given", False):
        assert clean_value(column, DIRTY) == DIRTY
        return
    row = model(**{column.name: DIRTY})

    kept = column.pre_save(row, add=True)

    assert (str(kept), str(getattr(row, column.attname))) == ("Asha Rao", "Asha Rao") or is_refused(column)
    assert is_refused(column) or column.get_prep_value(DIRTY) == "Asha Rao"


def is_refused(column) -> bool:
    """Whether a column that is not free text, for example a phone number, refuses the value."""
    try:
        column.clean(DIRTY, None)
    except ValidationError:
        return True
    return False


def test_only_evidence_keeps_text_as_it_was_given():
    keeping = {model for model in our_models() if getattr(model, "keeps_text_as_given", False)}

    assert {model._meta.app_label for model in keeping} == {"audit"}
    assert AuditEvent in keeping


class Box(forms.Form):
    name = forms.CharField()
    note = forms.CharField(widget=forms.Textarea, required=False)
    email = forms.EmailField(required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False, strip=False)


def test_a_box_cleans_what_is_typed_but_no_password():
    typed = {"name": DIRTY, "note": "a\u200b\nb", "email": "a@example.org\u200b", "password": "a\u200bb"}

    form = Box(typed)

    assert form.is_valid()
    assert form.cleaned_data == {
        "name": "Asha Rao",
        "note": "a\nb",
        "email": "a@example.org",
        "password": "a\u200bb",
    }


@pytest.mark.parametrize("typed", ["\u200b\u202e", "\x00", "a\x00b"])
def test_a_required_box_refuses_text_that_nobody_sees(typed):
    assert not Box({"name": typed}).is_valid()


def test_names_are_found_however_they_were_pasted():
    assert name_key("Diclo\u200bfenac") == name_key("DICLOFENAC")
    assert name_key("क्\u200dष") == name_key("क्ष")


@pytest.mark.django_db
def test_saving_updating_and_inserting_clean_the_row_the_table_and_the_log():
    patient = PatientFactory(street=DIRTY)
    built = PatientFactory.build(street=DIRTY)
    Patient.objects.bulk_create([built])
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(full_name=DIRTY)
    patient.city = DIRTY
    Patient.objects.bulk_update([patient], ["city"])

    assert set(Patient.objects.values_list("street", flat=True)) == {"Asha Rao"}
    assert (patient.street, built.street, patient.city) == ("Asha Rao",) * 3
    assert User.objects.get().full_name == "Asha Rao"
    logged = [
        change[1]
        for event in AuditEvent.objects.filter(model__in=["accounts.patient", "accounts.user"])
        for name, change in event.changes.items()
        if name in ("street", "city") or (name == "full_name" and event.action == "update")
    ]
    assert logged.count("Asha Rao") == 4
    assert DIRTY not in logged


NAMES_OF_PEOPLE = [
    (model, column)
    for model, column in TEXT_COLUMNS
    if column.name in ("full_name", "legal_name", "emergency_contact_name") and column.editable
]


@pytest.mark.parametrize(
    ("model", "column"), NAMES_OF_PEOPLE, ids=[m._meta.label for m, _c in NAMES_OF_PEOPLE]
)
@given(st.text(alphabet=st.characters(exclude_categories=["L", "C", "Z"]), min_size=1, max_size=20))
def test_a_name_needs_a_letter(model, column, signs):
    for name in (signs, "12345", ".", "😀😀"):
        with pytest.raises(ValidationError, match="Write the name with letters"):
            column.clean(name, model())

    for name in (signs[:9] + "O", "क", "ஶ்ரீ", "李", "D'Souza"):
        assert column.clean(name, model()) == clean_text(name)


def test_all_columns_of_names_of_people_are_known():
    assert {model._meta.label for model, _column in NAMES_OF_PEOPLE} == {
        "accounts.User", "accounts.Patient", "scheduling.Doctor", "scheduling.Nurse", "billing.BillingProfile"
    }  # fmt: skip
