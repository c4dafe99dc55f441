"""The page between upload and preview: which column is which, and how dates, names and ages are meant."""

from collections import Counter

from django import forms
from django.db.models import NOT_PROVIDED
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hms.core.tables.guesses import IGNORED, dates_read, guessed, known_names
from hms.core.tables.readings import DateForm, LostPhones, NameOrder, Reading
from hms.core.tables.sheets import REASON, Sheet
from hms.core.tables.widgets import IsoDateWidget, PhoneWidget


def targets_of(resource) -> dict[str, str]:
    """Our columns in words, with those that are combined to one of them."""
    fields = {field.name: field for field in resource._meta.model._meta.get_fields()}
    targets = {}
    for each in resource.columns:
        model_field = fields.get(each.attribute)
        words = getattr(model_field, "verbose_name", each.column_name.replace("_", " "))
        targets[each.column_name] = str(words)
        for combined in resource.combined:
            if combined.into == each.column_name:
                targets |= {name: str(names[0]) for name, names in combined.columns.items()}
    return targets


def own_reading(resource, sheet: Sheet) -> Reading | None:
    """The reading of a file whose columns are ours, as in an export; None for every other file."""
    names = [field.column_name for field in resource.columns]
    given = [header for header in sheet.headers if header != REASON]
    if (
        sheet.said
        or not set(given) <= set(names)
        or len(set(given)) < len(given)
        or resource.key not in given
    ):
        return None
    return Reading(targets=tuple("" if header == REASON else header for header in sheet.headers))


class ColumnsForm(forms.Form):
    """Each column of the file is one of ours, or is ignored because somebody says so."""

    date_form = forms.ChoiceField(
        label=gettext_lazy("Dates are written as"),
        choices=DateForm,
        error_messages={"required": gettext_lazy("Choose how the dates of the file are written.")},
    )
    ages_on = forms.DateField(
        label=gettext_lazy("Ages as of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    name_order = forms.ChoiceField(
        label=gettext_lazy("Full names are written"), choices=NameOrder, initial=NameOrder.AS_WRITTEN
    )
    lost_phones = forms.ChoiceField(
        label=gettext_lazy("Telephone numbers that are masked or not valid"),
        choices=LostPhones,
        initial=LostPhones.REFUSE,
    )

    def __init__(self, resource, sheet: Sheet, reading: Reading | None = None, data=None):
        super().__init__(data)
        self.resource, self.sheet = resource, sheet
        self.targets = targets_of(resource)
        names = [self.column(place) for place in range(len(sheet.headers))]
        found = list(reading.targets) if reading else self.guesses()
        for place, name in enumerate(names):
            self.fields[name] = self.choice(place)
            self.initial[name] = found[place] or (IGNORED if reading else "")
        self.ask_only_what_matters(reading)

    @staticmethod
    def column(place: int) -> str:
        return f"column_{place}"

    def choice(self, place: int) -> forms.ChoiceField:
        header, samples = self.sheet.headers[place], self.sheet.samples(place)
        label = header or _("Column %(number)d, without a name") % {"number": place + 1}
        ours = [(name, capfirst(words)) for name, words in self.targets.items()]
        choices = [("", _("Choose…")), (IGNORED, _("Ignore this column")), (_("Our columns"), ours)]
        said = _("For example: %(samples)s") % {"samples": " · ".join(text[:40] for text in samples)}
        unknown = _("Choose what “%(header)s” is, or that it is ignored.") % {"header": label}
        return forms.ChoiceField(
            label=label,
            choices=choices,
            help_text=said if samples else _("This column is empty."),
            error_messages={"required": unknown},
        )

    def guesses(self) -> list[str]:
        words = {
            target: (words, *self.resource.known_as.get(target, ())) for target, words in self.targets.items()
        }
        for combined in self.resource.combined:
            words |= combined.columns
        known, guesses = known_names(words), []
        for place, header in enumerate(self.sheet.headers):
            cells = [str(row[place]) for row in self.sheet.rows if row[place] != ""]
            target = guessed(header, known)
            is_taken = target in guesses and target not in self.resource.joined
            if header == REASON or not cells:
                guesses.append(IGNORED)
            elif is_taken or (target and not self.resource.fits(target, cells)):
                guesses.append("")
            else:
                guesses.append(target)
        return guesses

    def ask_only_what_matters(self, reading: Reading | None) -> None:
        """Leave out questions about columns that the table does not have."""
        kinds = {type(field.widget) for field in self.resource.columns}
        names = {each.into for each in self.resource.combined}
        matters = {
            "date_form": IsoDateWidget in kinds,
            "ages_on": "date_of_birth" in names,
            "name_order": "full_name" in names,
            "lost_phones": PhoneWidget in kinds,
        }
        for name, is_asked in matters.items():
            if not is_asked:
                del self.fields[name]
            elif reading and getattr(reading, name):
                self.initial[name] = getattr(reading, name)
        if matters["ages_on"]:
            self.initial.setdefault("ages_on", timezone.localdate())
        if matters["date_form"]:
            self.ask_date_form()

    def ask_date_form(self) -> None:
        """Choose a form beforehand only if it is the only one that reads all dates."""
        texts = self.date_texts()
        counts = dates_read(texts)
        fitting = [form for form, count in counts.items() if count == len(texts)] if texts else [DateForm.ISO]
        self.initial.setdefault("date_form", fitting[0] if len(fitting) == 1 else "")
        named = []
        for form, count in counts.items():
            reads = ngettext("reads %(count)d of %(all)d", "reads %(count)d of %(all)d", len(texts))
            said = f" ({reads % {'count': count, 'all': len(texts)}})" if texts else ""
            named.append((form, f"{DateForm(form).label}{said}"))
        self.fields["date_form"].choices = [("", _("Choose…")), *named]

    def date_texts(self) -> list[str]:
        """The cells of the columns that are dates, but for those that a workbook knows to be dates."""
        dated = {
            field.column_name for field in self.resource.columns if isinstance(field.widget, IsoDateWidget)
        }
        places = [
            place for place in range(len(self.sheet.headers)) if self[self.column(place)].value() in dated
        ]
        texts = [row[place] for place in places for row in self.sheet.rows if isinstance(row[place], str)]
        return [text for text in texts if text]

    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in self.base_fields]

    def file_columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.base_fields]

    def assumed(self) -> list[str]:
        """What a new row gets in columns that the file may not fill."""
        fields = {field.name: field for field in self.resource._meta.model._meta.concrete_fields}
        found = []
        for each in self.resource.columns:
            default = getattr(fields.get(each.attribute), "default", NOT_PROVIDED)
            if default is not NOT_PROVIDED and not callable(default) and default not in ("", None):
                value = {True: _("yes"), False: _("no")}.get(default, default)
                found.append(f"{capfirst(self.targets[each.column_name])}: {value}")
        return found

    def clean(self):
        chosen = [self.cleaned_data.get(self.column(place)) for place in range(len(self.sheet.headers))]
        for target, count in Counter(chosen).items():
            if target and target != IGNORED and count > 1 and target not in self.resource.joined:
                text = _("More than one column is “%(target)s”.")
                self.add_error(None, text % {"target": capfirst(self.targets[target])})
        for combined in self.resource.combined:
            if combined.into == "full_name" and "full_name" in chosen and set(chosen) & set(combined.columns):
                self.add_error(None, _("Choose either the full name or its parts."))
        if self.resource.is_key_needed and self.resource.key not in chosen:
            text = _("Choose which column is “%(key)s”: it says which row is meant.")
            self.add_error(None, text % {"key": capfirst(self.targets[self.resource.key])})

    def reading(self) -> Reading:
        chosen = [self.cleaned_data[self.column(place)] for place in range(len(self.sheet.headers))]
        given = {name: self.cleaned_data[name] for name in self.base_fields if name in self.fields}
        if "ages_on" in given:
            given["ages_on"] = given["ages_on"].isoformat()
        return Reading(targets=tuple("" if target == IGNORED else target for target in chosen), **given)

    def unknown(self) -> list[str]:
        """Columns of the file that nothing was guessed for."""
        return [
            self.fields[self.column(place)].label
            for place in range(len(self.sheet.headers))
            if not self.initial[self.column(place)]
        ]
