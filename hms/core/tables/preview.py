"""What the preview of an import shows, and what its form carries."""

from collections import Counter
from functools import cached_property

from django import forms
from django.utils.translation import gettext_lazy

from hms.core.tables.importing import REFUSED
from hms.core.tables.readings import Reading
from hms.core.tables.sheets import Sheet

MOST_BAD_SHOWN = 100


class ConfirmForm(forms.Form):
    """Carries what the preview showed, because another tab may read the same file in another way.

    That is how the file is read, the digest of each row, and the names of the rows that are left out.
    """

    import_file_name = forms.CharField(widget=forms.HiddenInput)
    reading = forms.CharField(widget=forms.HiddenInput)
    prints = forms.CharField(widget=forms.HiddenInput, required=False)
    left = forms.CharField(widget=forms.HiddenInput, required=False)
    left_with_repeats = forms.CharField(widget=forms.HiddenInput, required=False)
    with_repeats = forms.BooleanField(
        label=gettext_lazy("Also import rows that look like people who are here"), required=False
    )

    def clean_reading(self) -> Reading:
        try:
            return Reading.from_json(self.cleaned_data["reading"])
        except ValueError as error:
            raise forms.ValidationError("not written by us") from error

    def ask_for_repeats(self, preview: "Preview") -> None:
        """Ask only if there are such rows; without others nothing can be imported unless it is ticked."""
        if preview.repeats:
            self.fields["with_repeats"].required = not preview.saved
        else:
            del self.fields["with_repeats"]


class Preview:
    """The checked rows of a file: good ones, and bad ones with their reasons."""

    def __init__(self, resource, sheet: Sheet):
        self.resource, self.sheet, self.reading = resource, sheet, resource.reading
        self.result = resource.checked(sheet)

    @cached_property
    def good(self) -> list:
        return [row for row in self.result.rows if row.digest != REFUSED and not row.repeats]

    @cached_property
    def repeats(self) -> list:
        return [row for row in self.result.rows if row.digest != REFUSED and row.repeats]

    @property
    def saved(self) -> int:
        return sum(not row.is_skip() for row in self.good)

    @cached_property
    def reasons(self) -> dict[int, list[str]]:
        """Why rows are bad, by their places."""
        return {
            place: self.resource.reasons(row, self.sheet.headers)
            for place, row in enumerate(self.result.rows)
            if row.digest == REFUSED or row.repeats
        }

    def left_over(self, *, with_repeats: bool) -> bytes | None:
        """The rows that stay out of the import, with their reasons."""
        left = {
            place: " ".join(texts)
            for place, texts in self.reasons.items()
            if not with_repeats or self.result.rows[place].digest == REFUSED
        }
        return self.sheet.left_over(left) if left else None

    def digests(self) -> str:
        return " ".join(row.digest for row in self.result.rows)

    def context(self) -> dict:
        named = zip(self.sheet.headers, self.reading.targets, strict=True)
        bad = [(self.sheet.numbers[place], texts) for place, texts in self.reasons.items()]
        return {
            "result": self.result,
            "good": self.good,
            "saved": self.saved,
            "repeats": len(self.repeats),
            "counts": Counter(row.import_type for row in self.good),
            "bad": bad[:MOST_BAD_SHOWN],
            "bad_count": len(bad),
            "said": self.sheet.said,
            "ignored": [header for header, target in named if not target],
        }
