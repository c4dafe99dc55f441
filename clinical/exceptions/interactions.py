from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class BadInteractionList(Refusal):
    code = "bad_interaction_list"
    text = _("%(where)s: %(problem)s.")


class NoInteractions(Refusal):
    code = "no_interactions"
    text = _("The list has no interactions; nothing was changed.")
