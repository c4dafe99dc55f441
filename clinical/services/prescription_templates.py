from accounts.names import tidy
from clinical.exceptions import NotYourVisit
from clinical.models import PrescriptionTemplate
from clinical.prescribing.line import PrescriptionLine
from clinical.services.prescription_lines import line_from
from hms.core.rights import SYSTEM, require_to_save
from hms.core.transactions import retried_atomic
from scheduling.models import Doctor


@retried_atomic
def save_prescription_template(*, template: PrescriptionTemplate, by) -> PrescriptionTemplate:
    """Save a doctor's own template; refuses a line without a schedule, and templates of others."""
    require_to_save(by, template)
    _refuse_others(template.doctor, by)
    template.name = tidy(template.name)
    lines = [tidy(line) for line in template.lines.splitlines()]
    template.lines = "\n".join(line for line in lines if line)
    lines_of(template)
    template.full_clean()
    template.save()
    return template


def lines_of(template: PrescriptionTemplate) -> list[PrescriptionLine]:
    """The items of the template with the formulary as it is now."""
    return [line_from(line) for line in template.lines.splitlines()]


def _refuse_others(doctor: Doctor, by) -> None:
    if by is not SYSTEM and doctor.user_id != by.pk:
        raise NotYourVisit
