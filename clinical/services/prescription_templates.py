from accounts.names import tidy
from clinical.exceptions import TemplateInUse
from clinical.models import OrderSet, PrescriptionTemplate
from clinical.prescribing.line import PrescriptionLine
from clinical.services.kept import require_keeper
from clinical.services.prescription_lines import lines_from
from hms.core.transactions import retried_atomic


@retried_atomic
def save_prescription_template(*, template: PrescriptionTemplate, by) -> PrescriptionTemplate:
    """Save an own template or, as the head, one of the department.

    Refuses a line without a schedule, and to take away a template that sets of other doctors use.
    """
    require_keeper(template, by)
    template.name = tidy(template.name)
    lines = [tidy(line) for line in template.lines.splitlines()]
    template.lines = "\n".join(line for line in lines if line)
    lines_of(template)
    others = OrderSet.objects.filter(template=template.pk).exclude(doctor=template.doctor_id)
    if template.pk and template.doctor_id and others.exists():
        raise TemplateInUse
    template.full_clean()
    template.save()
    return template


def lines_of(template: PrescriptionTemplate) -> list[PrescriptionLine]:
    """The items of the template with the formulary as it is now."""
    return lines_from(template.lines.splitlines())
