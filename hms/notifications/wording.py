"""The words of a message: the hospital's own where it has written some, else those of the software."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from hms.notifications.gsm import fitting
from hms.notifications.models import MessageTemplate
from hms.notifications.texts import TEXTS, filled


@dataclass(frozen=True)
class Wording:
    subject: str
    body: str
    sms: str
    dlt_template_id: str = ""

    @classmethod
    def of(cls, kind: str, language: str, own: MessageTemplate | None) -> "Wording":
        text, own = TEXTS[kind], own or MessageTemplate()
        with override(language):
            words = (own.subject or text.subject, own.body or text.body, own.sms or text.sms)
            return cls(*map(str, words), own.dlt_template_id)

    def email(self, values: Mapping[str, str]) -> dict[str, str]:
        values = of_hospital() | values
        subject = " ".join(filled(self.subject, values).split())
        return {"subject": subject, "body": filled(self.body, values).strip() + "\n"}

    def text_message(self, values: Mapping[str, str]) -> str:
        """The SMS in at most 160 characters of the GSM alphabet; "" if there are no words for one."""
        return (
            fitting(lambda given: filled(self.sms, given).strip(), of_hospital() | values) if self.sms else ""
        )

    def as_sms(self, values: Mapping[str, str]) -> dict[str, str]:
        return {"body": self.text_message(values), "dlt_template_id": self.dlt_template_id}


def of_hospital() -> dict[str, str]:
    return {"hospital": settings.HOSPITAL["name"], "phone": settings.HOSPITAL["phone"]}


class Words:
    """The wordings that a round of messages needs, each read once."""

    def __init__(self):
        self.own = {(row.kind, row.language): row for row in MessageTemplate.objects.all()}
        self.read: dict[tuple[str, str], Wording] = {}

    def of(self, kind: str, language: str) -> Wording:
        key = (kind, language)
        if key not in self.read:
            self.read[key] = Wording.of(kind, language, self.own.get(key))
        return self.read[key]


def wording(kind: str, language: str) -> Wording:
    own = MessageTemplate.objects.filter(kind=kind, language=language).first()
    return Wording.of(kind, language, own)
