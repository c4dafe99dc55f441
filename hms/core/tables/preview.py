"""What the preview of an import shows, and what its form carries."""

from functools import cached_property

from django import forms

from hms.core.tables.importing import REFUSED
from hms.core.tables.readings import Reading
from hms.core.tables.sheets import Sheet

MOST_BAD_SHOWN = 100


class FileForm(forms.Form):
    """Names the file that waits, and how it is read."""

    import_file_name = forms.CharField(widget=forms.HiddenInput)
    original_file_name = forms.CharField(widget=forms.HiddenInput, required=False)
    reading = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_reading(self) -> Reading | None:
        text = self.cleaned_data["reading"]
        try:
            return Reading.from_json(text) if text else None
        except ValueError as error:
            raise forms.ValidationError("not written by us") from error


class ConfirmForm(FileForm):
    """Carries the digest of each row as the preview showed it, and the name of the rows that are left out."""

    prints = forms.CharField(widget=forms.HiddenInput, required=False)
    left = forms.CharField(widget=forms.HiddenInput, required=False)


class Preview:
    """The checked rows of a file: good ones, and bad ones with their reasons."""

    def __init__(self, resource, sheet: Sheet):
        self.resource, self.sheet, self.reading = resource, sheet, resource.reading
        self.result = resource.checked(sheet)

    @cached_property
    def good(self) -> list:
        return [row for row in self.result.rows if row.digest != REFUSED]

    @cached_property
    def reasons(self) -> dict[int, list[str]]:
        """Why rows are bad, by their places."""
        return {
            place: self.resource.reasons(row, self.sheet.headers)
            for place, row in enumerate(self.result.rows)
            if row.digest == REFUSED
        }

    def left_over(self) -> bytes:
        return self.sheet.left_over({place: " ".join(texts) for place, texts in self.reasons.items()})

    def digests(self) -> str:
        return " ".join(row.digest for row in self.result.rows)

    def context(self) -> dict:
        named = zip(self.sheet.headers, self.reading.targets, strict=True)
        bad = [(self.sheet.numbers[place], texts) for place, texts in self.reasons.items()]
        return {
            "result": self.result,
            "good": self.good,
            "saved": sum(not row.is_skip() for row in self.good),
            "bad": bad[:MOST_BAD_SHOWN],
            "bad_count": len(bad),
            "said": self.sheet.said,
            "ignored": [header for header, target in named if not target],
        }
