from django.contrib.auth.decorators import login_required
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clinical.models import Problem
from clinical.views.listed import Cell, ListPage, column, show_lists, status


def resolved_on(problem: Problem) -> Cell:
    end = problem.resolved_on
    return Cell(_("Resolved on"), date_format(end, "j M Y") if end else "")


PAGE = ListPage(
    model=Problem,
    title=_("Problems and history"),
    lede=_(
        "Illnesses, operations, illnesses in the family and habits that your doctors and nurses have "
        "recorded. If something is missing or wrong, tell them at your next visit."
    ),
    nothing=_("No current problems have been recorded."),
    past=_("Past or ruled out"),
    columns=(
        column(_("Problem"), "title"),
        column(_("Kind"), "kind"),
        column(_("Since"), "since", empty=_("Not known")),
        column(_("Said by"), "said_by"),
        column(_("Note"), "note"),
    ),
    past_columns=(status, resolved_on),
)


@login_required
@require_safe
def list_problems(request):
    return show_lists(request, PAGE)
