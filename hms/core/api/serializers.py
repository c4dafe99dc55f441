import copy

from rest_framework import serializers


# Comments instead of docstrings, which would describe all schemas of the API.
class ModelSerializer(serializers.ModelSerializer):
    # Finds out its fields from the model once; each use has copies. They depend on nothing but the class.
    def get_fields(self):
        kind = type(self)
        if "_found_fields" not in vars(kind):
            kind._found_fields = super().get_fields()
        return copy.deepcopy(kind._found_fields)
