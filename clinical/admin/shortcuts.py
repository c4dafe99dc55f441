"""What a draft offers beside its boxes: phrases and order sets, asked for by buttons of its form."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from clinical.exceptions import NotYours
from clinical.forms.shortcuts import ShortcutForm
from clinical.models import Encounter, OrderSet, Phrase
from clinical.services import apply_order_set, insert_phrase, save_as_order_set
from scheduling.models import Department

MOST_IN_SIGHT = 5


@dataclass
class Shortcuts:
    request: object
    said: str = ""  # what was done
    place: str = ""  # where on the page it was done

    @cached_property
    def asked(self) -> str:
        actions = ("apply_set", "insert_phrase", "save_set")
        return next((name for name in actions if name in self.request.POST), "")

    @cached_property
    def form(self) -> ShortcutForm:
        phrases = Phrase.objects.usable_by(self.request.user).own_first("abbreviation")
        return ShortcutForm(self.request.POST if self.asked else None, phrases=phrases, asked=self.asked)

    def is_valid(self) -> bool:
        return not self.asked or self.form.is_valid()

    @cached_property
    def sets(self) -> list[OrderSet]:
        return list(OrderSet.objects.usable_by(self.request.user).own_first("name"))

    @property
    def sets_in_sight(self) -> list[OrderSet]:
        return self.sets[:MOST_IN_SIGHT]

    @property
    def other_sets(self) -> list[OrderSet]:
        return self.sets[MOST_IN_SIGHT:]

    @cached_property
    def department(self) -> Department | None:
        """The one that the person heads."""
        return Department.objects.filter(head__user=self.request.user).first()

    def carry_out(self, draft: Encounter) -> Encounter:
        return getattr(self, self.asked)(draft) if self.asked else draft

    def apply_set(self, draft: Encounter) -> Encounter:
        chosen = next((row for row in self.sets if str(row.pk) == self.request.POST["apply_set"]), None)
        if chosen is None:
            raise NotYours
        applied = apply_order_set(encounter=draft, order_set=chosen, by=self.request.user)
        self.said, self.place = _("“%(name)s” is added. You can change everything.") % {"name": chosen}, ""
        if applied.left_out:
            said = _("Left out, because there already or out of use: %(names)s.")
            self.said += " " + said % {"names": ", ".join(applied.left_out)}
        return applied.encounter

    def insert_phrase(self, draft: Encounter) -> Encounter:
        phrase, into = self.form.cleaned_data["phrase"], self.form.cleaned_data["into"]
        self.said, self.place = _("%(phrase)s is inserted.") % {"phrase": phrase}, f"#id_{into}"
        return insert_phrase(encounter=draft, phrase=phrase, into=into, by=self.request.user)

    def save_set(self, draft: Encounter) -> Encounter:
        asked = self.form.cleaned_data
        department = self.department if asked["set_is_shared"] else None
        kept = save_as_order_set(
            encounter=draft, name=asked["set_name"], department=department, by=self.request.user
        )
        self.said = _("“%(name)s” is kept as an order set.") % {"name": kept}
        return draft
