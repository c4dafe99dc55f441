from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotYours(Refusal):
    code = "not_yours"
    text = _("Doctors keep their own, and only the head of a department keeps those of the department.")


class TemplateInUse(Refusal):
    code = "template_in_use"
    field = "department"
    text = _("Order sets of other doctors use this template, so it stays with the department.")


class TemplateNotShared(Refusal):
    code = "template_not_shared"
    field = "template"
    text = _("Choose a template that every doctor who uses this set may use.")


class EmptySet(Refusal):
    code = "empty_set"
    text = _("Enter what the set adds: tests, medicines, advice or a follow-up.")


class NameTaken(Refusal):
    code = "name_taken"
    field = "set_name"
    text = _("There is already an order set or a prescription template called “%(name)s”.")


class NamesThePatient(Refusal):
    code = "names_the_patient"
    text = _("A set must not name the patient: “%(name)s”.")
