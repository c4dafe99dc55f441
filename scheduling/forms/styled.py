from django import forms
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("Please use at most %(limit_value)d characters. This text has %(show_value)d.")


class StyledForm(forms.Form):
    """A form whose controls carry the CSS classes of the style sheets."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", self._class_of(field.widget))

    @property
    def shown(self) -> list[tuple]:
        """All that the form shows beside its own words: what stands in it, what may, and what is wrong."""
        return [
            (
                *(field.name, field.value(), list(field.errors), field.field.widget.attrs),
                [(value, str(label)) for value, label in getattr(field.field, "choices", ())],
            )
            for field in self
        ]

    @staticmethod
    def _class_of(widget: forms.Widget) -> str:
        if isinstance(widget, forms.RadioSelect | forms.CheckboxInput):
            return "form-check-input"
        return "form-select" if isinstance(widget, forms.Select) else "form-control"
