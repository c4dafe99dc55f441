from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone

from audit.evidence.retention import place_hold, release_hold
from audit.management.audited import AuditedCommand
from audit.models import AuditHold


class Command(AuditedCommand):
    help = "Place, list and release legal holds, which keep entries from being archived and purged."

    def add_arguments(self, parser):
        parser.add_argument("--patient", type=int, dest="patient_id", help="the key of the patient")
        parser.add_argument("--from", dest="begins_at", type=moment, help="like 2026-03-31T00:00")
        parser.add_argument("--until", dest="ends_at", type=moment)
        parser.add_argument("--reason", help="places a hold")
        parser.add_argument("--release", type=int, metavar="NUMBER", help="ends a hold")

    def handle(self, *, reason: str | None, release: int | None, **options):
        try:
            if release is not None:
                release_hold(hold=AuditHold.objects.get(pk=release))
            elif reason:
                span = {name: options[name] for name in ("patient_id", "begins_at", "ends_at")}
                place_hold(reason=reason, **span)
        except AuditHold.DoesNotExist as error:
            raise CommandError(f"There is no hold {release}.") from error
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        for hold in AuditHold.objects.in_force():
            whose = f"patient {hold.patient_id}" if hold.patient_id else "everybody"
            self.stdout.write(f"{hold.pk:>5}  {whose}, {_span(hold)}: {hold.reason}")


def moment(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def _span(hold: AuditHold) -> str:
    ends = (timezone.localtime(at).isoformat() if at else "..." for at in (hold.begins_at, hold.ends_at))
    return " to ".join(ends)
