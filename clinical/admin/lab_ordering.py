"""The page on which a doctor orders tests for a visit."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinical.admin.visits import visit_or_404
from clinical.forms.laboratory import OrderForm
from clinical.models import LabOrder, LabTest
from clinical.services import order_tests
from clinical.statuses import LabSection
from hms.core.refusals import put_on_form
from scheduling.models import Appointment


def order_page(admin_site, request, reference: str):
    if not request.user.has_perm("clinical.add_laborder"):
        raise PermissionDenied
    appointment = visit_or_404(request, reference)
    form = OrderForm(request.POST or None)
    if form.is_valid() and ordered(request, appointment, form):
        return HttpResponseRedirect(request.path)
    orders = LabOrder.objects.visible_to(request.user).filter(appointment=appointment)
    page = admin_site.each_context(request) | {
        "title": _("Order tests"),
        "appointment": appointment,
        "form": form,
        "panels": form.fields["panels"].queryset,
        "groups": groups_of(form.fields["tests"].queryset),
        "chosen": chosen_in(form),
        "orders": orders.for_list().order_by("test__position", "pk"),
    }
    return TemplateResponse(request, "clinical/admin/order_tests.html", page)


def ordered(request, appointment: Appointment, form: OrderForm) -> bool:
    try:
        orders = order_tests(appointment=appointment, **form.cleaned_data, by=request.user)
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    text = ngettext("One test is ordered.", "%(number)d tests are ordered.", len(orders))
    messages.success(request, text % {"number": len(orders)})
    return True


def groups_of(tests) -> list[tuple[str, list[LabTest]]]:
    """The tests by specimen, images last, each in the order of the catalogue."""
    by_group = groupby(sorted(tests, key=place_of), key=lambda test: place_of(test)[:2])
    return [(name_of(found[0]), found) for _key, rows in by_group if (found := list(rows))]


def place_of(test: LabTest) -> tuple:
    return test.section == LabSection.IMAGING, test.specimen, test.position


def name_of(test: LabTest) -> str:
    is_image = test.section == LabSection.IMAGING
    return test.get_section_display() if is_image else test.get_specimen_display()


def chosen_in(form: OrderForm) -> set[str]:
    """The codes that were ticked, to tick them again when something is refused."""
    return {*form.data.getlist("panels"), *form.data.getlist("tests")} if form.is_bound else set()
