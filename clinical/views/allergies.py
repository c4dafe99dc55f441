from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clinical.models import Allergy
from clinical.views.listed import ListPage, PatientList, column, recorded_on, show_lists, status

PAGE = ListPage(
    model=Allergy,
    title=_("Allergies"),
    lede=_(
        "The allergies that your doctors and nurses have recorded. "
        "If something is missing or wrong, tell them at your next visit."
    ),
    nothing=_("Nobody has asked about allergies yet."),
    past=_("No longer on the list"),
    columns=(
        column(_("Substance"), "substance"),
        column(_("Kind"), "category"),
        column(_("Reaction"), "reaction", empty=_("Not recorded")),
        column(_("Risk"), "criticality"),
        status,
        recorded_on,
    ),
    template="clinical/list_allergies.html",
)


class AllergyList(PatientList):
    """The list of one patient; empty if nobody has asked."""

    @property
    def entries(self) -> list[Allergy]:
        return [row for row in self.rows if not row.is_none_known]

    @property
    def none_known(self) -> Allergy | None:
        return next((row for row in self.rows if row.is_current and row.is_none_known), None)


@login_required
@require_safe
def list_allergies(request):
    return show_lists(request, PAGE, AllergyList)
