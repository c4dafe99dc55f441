from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms


def in_sections(form: forms.Form, *sections: tuple) -> FormHelper:
    """Lay out a form in (legend, field, …) sections; the fields of a tuple stand side by side."""
    helper = FormHelper(form)
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        *(Fieldset(legend, *map(_beside, fields), css_class="form-section") for legend, *fields in sections)
    )
    return helper


def _beside(fields):
    return fields if isinstance(fields, str) else Div(*fields, css_class="form-grid")
