"""The hospital's own texts of messages."""

from django.core.exceptions import ValidationError

from accounts.models import User
from hms.core.refusals import delete_or_refuse
from hms.core.rights import System, require_to_delete, require_to_save
from hms.core.transactions import retried_atomic
from hms.notifications.exceptions import NameUnknown, SmsTooLong
from hms.notifications.gsm import LONGEST, SHORTENED, in_gsm, length
from hms.notifications.models import MessageTemplate
from hms.notifications.texts import filled, names_of, unknown_names

WRITTEN = ("subject", "body", "sms")


@retried_atomic
def save_message_template(*, template: MessageTemplate, by: User | System) -> MessageTemplate:
    """Store a text; refuses names in braces that mean nothing there, and an SMS that would be cut."""
    require_to_save(by, template)
    check_names(template)
    template.full_clean()
    template.save()
    return template


@retried_atomic
def delete_message_template(*, template: MessageTemplate, by: User | System) -> None:
    """Go back to the text that the software comes with."""
    require_to_delete(by, template)
    delete_or_refuse(template)


def too_many_in_sms(template: MessageTemplate) -> int:
    """By how much an SMS would be too long even where names are left out: its end, a link, would be cut."""
    example = {name: str(example) for name, (_words, example) in names_of(template.kind).items()}
    values = example | dict.fromkeys(set(SHORTENED) & set(example), "x")
    return max(length(in_gsm(filled(template.sms, values).strip())) - LONGEST, 0)


def check_names(template: MessageTemplate) -> None:
    """Refuse unknown names at the text that has them, with a list of the known ones."""
    errors = {}
    for field in WRITTEN:
        if unknown := unknown_names(getattr(template, field), template.kind):
            known = ", ".join(f"{{{name}}}" for name in names_of(template.kind))
            errors[field] = NameUnknown(names=", ".join(unknown), known=known)
    if "sms" not in errors and (over := too_many_in_sms(template)):
        errors["sms"] = SmsTooLong(over=over)
    if errors:
        raise ValidationError(errors)
