"""Who is told of visits: the login that booked, while it acts for the patient, else the patient."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from phonenumbers import PhoneNumberType, number_type

from accounts.models import Guardianship, Patient, Relation, Scope, User
from hms.notifications.models import DeclinedMessage
from hms.notifications.statuses import Channel
from scheduling.models import Appointment

# No SMS arrives at these. Where a number may be a mobile or not, it is tried.
WITHOUT_SMS = frozenset(
    {
        *(PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE),
        *(PhoneNumberType.SHARED_COST, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL),
    }
)


@dataclass(frozen=True)
class Reader:
    """An address and the record with the reader's language."""

    channel: str
    address: str
    record: Patient


class Readers:
    """The readers of messages about visits, found with four queries for any number of visits."""

    def __init__(self, visits: Iterable[Appointment]):
        patients = {visit.patient_id for visit in visits}
        held = Guardianship.objects.in_force().filter(patient__in=patients, user__is_active=True)
        self.carers: dict[int, list[Guardianship]] = defaultdict(list)
        for each in held.filter(**{Scope.BOOK: True}).select_related("user").order_by("pk"):
            self.carers[each.patient_id].append(each)
        logins = {each.user_id for carers in self.carers.values() for each in carers}
        own = Guardianship.objects.in_force().filter(user__in=logins, relation=Relation.SELF)
        self.own = {each.user_id: each.patient for each in own.select_related("patient__preferred_language")}
        declined = DeclinedMessage.objects.filter(patient__in=patients)
        self.declined = set(declined.values_list("patient", "kind", "channel"))

    def of(self, visit: Appointment, kind: str) -> list[Reader]:
        found = (self._by_email(visit), self._by_sms(visit.patient))
        return [one for one in found if one and (visit.patient_id, kind, one.channel) not in self.declined]

    def _by_email(self, visit: Appointment) -> Reader | None:
        patient, login = visit.patient, self._login_of(visit)
        record = self.own.get(login.pk, patient) if login else patient
        address = login.email if login else patient.email
        if not (address and patient.wants_email and record.wants_email):
            return None
        return Reader(Channel.EMAIL, address, record)

    def _login_of(self, visit: Appointment) -> User | None:
        """The booker; for a visit booked by the hospital a carer, if the patient's record has no address."""
        carers = sorted(self.carers[visit.patient_id], key=lambda one: one.relation != Relation.SELF)
        booker = [one.user for one in carers if one.user_id == visit.booked_by_id]
        others = [] if visit.patient.email else [one.user for one in carers]
        return next(iter(booker + others), None)

    def _by_sms(self, patient: Patient) -> Reader | None:
        number = sms_number_of(patient)
        return Reader(Channel.SMS, number, patient) if number else None


def sms_number_of(patient: Patient) -> str:
    """Where the patient reads SMS; empty for a landline, and for who wants none."""
    wants_it = patient.phone and patient.wants_sms and number_type(patient.phone) not in WITHOUT_SMS
    return patient.phone.as_e164 if wants_it else ""
