from django import forms
from django.conf import settings

from hms.notifications.models import MessageTemplate
from hms.notifications.statuses import Kind
from hms.notifications.texts import TEXTS


class MessageTemplateForm(forms.ModelForm):
    """Offers the kinds and languages in which messages are written."""

    class Meta:
        model = MessageTemplate
        fields = ["kind", "language", "subject", "body", "sms", "dlt_template_id"]
        widgets = {"language": forms.Select, "sms": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("kind", [(kind.value, kind.label) for kind in Kind if kind in TEXTS]),
            ("language", settings.LANGUAGES),
        ):
            if name in self.fields:
                self.fields[name].widget.choices = choices
