"""Serializers whose rules are those of a form: the form of the staff site or of a page judges the values."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm, BaseModelForm, ModelForm
from django.forms.models import model_to_dict, modelform_factory
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from hms.core.api.serializers import ModelSerializer
from hms.core.constraints import at_their_columns


def as_typed(value):
    """What a form expects in place of rows."""
    if isinstance(value, Model):
        return value.pk
    return [as_typed(each) for each in value] if isinstance(value, list | tuple) else value


def refuse_like(form: BaseForm, names: Mapping[str, str] | None = None) -> None:
    """Raise the errors of the form at the fields of the request; `names` gives those that differ."""
    names = names or {}
    found = form.errors.as_data()
    if isinstance(form, BaseModelForm):
        found = at_their_columns(form._meta.model, ValidationError(found)).error_dict
    errors = {
        names.get(field, field).replace("__all__", "non_field_errors"): [
            ErrorDetail(message, error.code or "invalid") for error in each for message in error.messages
        ]
        for field, each in found.items()
    }
    if errors:
        raise serializers.ValidationError(errors)


class CheckedByForm(ModelSerializer):
    """Validates types; `form_class` validates the rest. `row` is then the row to be saved by a service."""

    form_class: type[ModelForm]
    row: Model
    # Columns of a new row that are not in the request.
    given: Mapping = {}

    def validate(self, attrs):
        names = [name for name, field in self.fields.items() if not field.read_only]
        form_class = modelform_factory(self.Meta.model, form=self.form_class, fields=[*names, *self.given])
        stored = model_to_dict(self.instance, names) if self.instance else self._defaults(names)
        given = {name: as_typed(value) for name, value in (self.given | attrs).items()}
        form = form_class(stored | given, instance=self.instance)
        refuse_like(form)
        self.row = form.instance
        return attrs

    def _defaults(self, names) -> dict:
        return {name: as_typed(value) for name, value in model_to_dict(self.Meta.model(), names).items()}
