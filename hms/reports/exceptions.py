from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class SeesNoFigures(Refusal):
    code = "sees_no_figures"
    field = "user"
    text = _(
        "This person may see none of the figures, or is no active member of staff with an e-mail address."
    )
