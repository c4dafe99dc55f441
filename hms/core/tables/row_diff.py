"""What the preview of an import shows of one row."""

from django.utils.html import format_html


class RowDiff:
    """Old and new values of the columns that the file has.

    `resource.wanted` has the values that are not on the instance before it is saved.
    """

    def __init__(self, resource, instance, new):
        self.old = [] if new else self.values_of(resource, instance)

    def values_of(self, resource, instance) -> list[str]:
        return [str(resource.plain_field(field, instance)) for field in resource.filled]

    def compare_with(self, resource, instance):
        self.new = [
            str(field.widget.render(resource.wanted[field.column_name]))
            if field.column_name in resource.wanted
            else value
            for field, value in zip(resource.filled, self.values_of(resource, instance), strict=True)
        ]

    def as_html(self) -> list[str]:
        return [
            format_html("<del>{}</del><ins>{}</ins>", old, new) if old != new and self.old else new
            for old, new in zip(self.old or [""] * len(self.new), self.new, strict=True)
        ]
