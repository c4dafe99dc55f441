"""Certificates and letters: dated today, and tied to a visit that took place."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.names import tidy
from accounts.services.numbers import advance
from clinical.certificates import refusals
from clinical.certificates.texts import day, statement
from clinical.exceptions import ReasonMissing
from clinical.letterhead import block_of, letterhead_of
from clinical.models import Certificate
from clinical.services.document_codes import issue_code, mark_replaced, mark_withdrawn
from clinical.services.rights import confidentiality_at, lock_row_to_record, lock_to_record
from clinical.signals import document_withdrawn, released_to_patient
from clinical.statuses import CertificateKind, CertificateStatus, DocumentKind
from hms.core.rights import SYSTEM, person
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

SERIES = {CertificateKind.SICK_NOTE: "SN", CertificateKind.FITNESS: "FC", CertificateKind.REFERRAL: "RL"}
SEEN = (AppointmentStatus.IN_CONSULTATION, AppointmentStatus.COMPLETED)


@retried_atomic
def issue_certificate(
    *,
    appointment: Appointment,
    kind: str,
    from_on: date | None = None,
    to_on: date | None = None,
    text: str,
    identification_mark: str = "",
    replaces: Certificate | None = None,
    by,
) -> Certificate:
    """Issue a numbered document about a visit, in place of `replaces` if given.

    Refuses all but the doctor of the visit, a registration that is not in force, a visit that has not begun
    or was long ago, and days that are reversed, too long, or too far from the visit. A document that says the
    same and is in force is returned instead of a second one.
    """
    visit, kind = _visit_to_certify(appointment, by=by), CertificateKind(kind)
    _require_days(kind, from_on, to_on, seen_on=timezone.localdate(visit.started_at))
    says = {"appointment": visit, "kind": kind, "from_on": from_on, "to_on": to_on}
    says["text"] = "\n".join(map(tidy, text.splitlines())).strip()
    says["identification_mark"] = tidy(identification_mark)
    if same := Certificate.objects.filter(**says, status=CertificateStatus.ISSUED).first():
        return same
    replaced = _replaced(replaces, visit, kind, by=by)
    certificate = Certificate(patient=visit.patient, **says, replaces=replaced, recorded_by=person(by))
    return _number(certificate, by=by)


@retried_atomic
def withdraw_certificate(*, certificate: Certificate, reason: str, by) -> Certificate:
    """Withdraw a document, which its public page says at once; refuses without a reason.

    Any doctor who treats the patient may do so, because the one who issued it may have left.
    """
    certificate, reason = lock_row_to_record(certificate, by=by), tidy(reason)
    if not reason:
        raise ReasonMissing
    move(certificate, CertificateStatus.WITHDRAWN, status_reason=reason, ended_at=timezone.now())
    mark_withdrawn(code=certificate.document, by=by)
    document_withdrawn.send(Certificate, record=certificate)
    return certificate


def _visit_to_certify(appointment: Appointment, *, by) -> Appointment:
    """The visit as it is now, under the lock of its patient."""
    lock_to_record(appointment.patient, by=by, permission="clinical.add_certificate")
    visit = Appointment.objects.select_related("doctor", "patient").get(pk=appointment.pk)
    refuse_to_certify(visit, by)
    return visit


def refuse_to_certify(visit: Appointment, by) -> None:
    """Refuse who is not the visit's registered doctor, and a visit that was long ago or has not begun."""
    doctor, today = visit.doctor, timezone.localdate()
    if by is not SYSTEM and doctor.user_id != by.pk:
        raise refusals.NotTheVisitsDoctor
    if not (doctor.registration_number and doctor.degree) or doctor.registration_expires_on < today:
        raise refusals.RegistrationMissing
    if visit.status not in SEEN:
        raise refusals.NotSeenYet
    most = settings.CERTIFICATES["issue_within_days"]
    if timezone.localdate(visit.started_at) < today - timedelta(days=most):
        raise refusals.VisitTooLongAgo(days=most)


def _require_days(kind: CertificateKind, from_on: date | None, to_on: date | None, *, seen_on: date) -> None:
    wanted = {CertificateKind.SICK_NOTE: (True, True), CertificateKind.FITNESS: (True, False)}
    for given, is_wanted in zip((from_on, to_on), wanted.get(kind, (False, False)), strict=True):
        if given is None and is_wanted:
            raise refusals.PeriodMissing
        if given is not None and not is_wanted:
            raise refusals.PeriodNotWanted
    limits = settings.CERTIFICATES
    if from_on and from_on < seen_on - timedelta(days=limits["backdate_days"]):
        raise refusals.Backdated(days=limits["backdate_days"])
    if from_on and from_on > timezone.localdate() + timedelta(days=limits["issue_within_days"]):
        raise refusals.TooFarAhead(days=limits["issue_within_days"])
    if to_on and to_on < from_on:
        raise refusals.PeriodReversed
    if to_on and (to_on - from_on).days >= limits["longest_days"]:
        raise refusals.PeriodTooLong(days=limits["longest_days"])


def _replaced(
    replaces: Certificate | None, visit: Appointment, kind: CertificateKind, *, by
) -> Certificate | None:
    """The document that the new one replaces, which ends now."""
    if replaces is None:
        return None
    old = lock_row_to_record(replaces, by=by)
    if (old.patient_id, old.kind) != (visit.patient_id, kind):
        raise refusals.OtherPatientsCertificate
    move(old, CertificateStatus.REPLACED, ended_at=timezone.now())
    mark_replaced(code=old.document, by=by)
    return old


def _number(certificate: Certificate, *, by) -> Certificate:
    """Give the document its readers, its copy of all that is printed, its code and its number."""
    is_letter = certificate.kind == CertificateKind.REFERRAL
    if not (certificate.identification_mark or is_letter):
        raise refusals.MarkMissing
    today, visit = timezone.localdate(), certificate.appointment
    certificate.confidentiality = confidentiality_at(visit)
    certificate.frozen = _freeze(certificate, today)
    certificate.full_clean(exclude={"number", "document"}, validate_unique=False)
    certificate.document = issue_code(
        patient=certificate.patient,
        kind=DocumentKind.LETTER if is_letter else DocumentKind.CERTIFICATE,
        issuer=visit.doctor.full_name,
        by=by,
    )
    series = f"{SERIES[certificate.kind]}/{today.year}"
    certificate.number = f"{series}/{advance(f'certificate {series}'):06d}"
    certificate.save()
    released_to_patient.send(Certificate, record=certificate)
    return certificate


def _freeze(certificate: Certificate, today: date) -> dict:
    visit = certificate.appointment
    return {
        "version": 1,
        "heading": str(CertificateKind(certificate.kind).label),
        "issued_on": day(today),
        "letterhead": letterhead_of(visit.doctor),
        "patient": block_of(certificate.patient, today) | {"mark": certificate.identification_mark},
        "statement": statement(
            certificate.kind,
            seen_on=timezone.localdate(visit.started_at),
            from_on=certificate.from_on,
            to_on=certificate.to_on,
        ),
        "text": certificate.text,
    }
