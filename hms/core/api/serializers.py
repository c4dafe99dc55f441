import copy
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


# Comments instead of docstrings, which would describe all schemas of the API.
class ModelSerializer(serializers.ModelSerializer):
    # Finds out its fields from the model once; each use has copies. They depend on nothing but the class.
    def get_fields(self):
        kind = type(self)
        if "_found_fields" not in vars(kind):
            kind._found_fields = super().get_fields()
        return copy.deepcopy(kind._found_fields)


# For what moves money or a visit: a misspelt name must not mean all of it, another patient or another time.
class KnownFields(serializers.Serializer):
    def to_internal_value(self, data):
        refuse_unknown(set(data) - set(self.fields) if isinstance(data, Mapping) else ())
        return super().to_internal_value(data)


def refuse_unknown(names: Iterable[str]) -> None:
    if names := sorted(names):
        said = [ErrorDetail(_("There is no such field here."), "unknown")]
        raise serializers.ValidationError(dict.fromkeys(names, said))
