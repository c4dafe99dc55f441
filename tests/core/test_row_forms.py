import pytest
from django import forms

from accounts.models import Language
from hms.core.edit_conflicts import EditConflict
from hms.core.forms import RowForm

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]


class NameForm(RowForm):
    name = forms.CharField()


@pytest.fixture
def kannada():
    return Language.objects.create(code="kn", name="Kannada")


def sent(row: Language, **typed) -> NameForm:
    shown = NameForm(row=row)
    return NameForm({"fingerprint": shown["fingerprint"].value(), "name": row.name} | typed, row=row)


def rename(form: NameForm) -> None:
    Language.objects.filter(pk=form.row.pk).update(**form.cleaned_data)


def test_a_row_that_is_as_it_was_shown_is_saved(kannada):
    form = sent(kannada, name="Canarese")

    form.is_valid()
    form.save_unless_changed(lambda: rename(form))

    assert Language.objects.get().name == "Canarese"
    assert (form.conflict, form.status) == (None, 200)


def test_a_row_that_is_gone_is_a_conflict(kannada):
    form = sent(kannada, name="Canarese")
    Language.objects.all().delete()

    form.is_valid()
    with pytest.raises(EditConflict) as refused:
        form.save_unless_changed(lambda: rename(form))

    [difference] = refused.value.differences
    assert (difference.label, difference.saved) == ("Kannada", "no longer exists")
    assert form.status == 409


def test_the_fingerprint_of_another_row_is_a_conflict(kannada):
    other = Language.objects.create(code="ta", name="Tamil")
    form = NameForm(
        {"fingerprint": NameForm(row=other)["fingerprint"].value(), "name": "Canarese"}, row=kannada
    )

    form.is_valid()
    with pytest.raises(EditConflict):
        form.save_unless_changed(lambda: rename(form))

    assert Language.objects.get(pk=kannada.pk).name == "Kannada"


def test_a_change_of_another_column_is_no_conflict(kannada):
    form = sent(kannada, name="Canarese")
    Language.objects.update(code="kan")

    form.is_valid()
    form.save_unless_changed(lambda: rename(form))

    assert list(Language.objects.values_list("code", "name")) == [("kan", "Canarese")]
