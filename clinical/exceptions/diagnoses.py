from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class BadDiagnosisList(Refusal):
    code = "bad_diagnosis_list"
    text = _("Line %(line)s: %(problem)s.")


class NoDiagnoses(Refusal):
    code = "no_diagnoses"
    text = _("The list has no diagnoses; nothing was changed.")
