from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotTheVisitsDoctor(Refusal):
    code = "not_the_visits_doctor"
    text = _("Only the doctor of the visit may issue a certificate about it.")


class RegistrationMissing(Refusal):
    code = "registration_missing"
    text = _("The doctor's registration or degree is missing, or the registration has expired.")


class NotSeenYet(Refusal):
    code = "not_seen_yet"
    text = _("A certificate needs a visit that has begun.")


class VisitTooLongAgo(Refusal):
    code = "visit_too_long_ago"
    text = _("The visit was more than %(days)d days ago. Please examine the patient again.")


class PeriodMissing(Refusal):
    code = "period_missing"
    field = "from_on"
    text = _("Enter the days that the certificate is about.")


class PeriodNotWanted(Refusal):
    code = "period_not_wanted"
    field = "from_on"
    text = _("This kind of document has no such days.")


class PeriodReversed(Refusal):
    code = "period_reversed"
    field = "to_on"
    text = _("The last day is before the first.")


class PeriodTooLong(Refusal):
    code = "period_too_long"
    field = "to_on"
    text = _("At most %(days)d days can be certified at a time.")


class Backdated(Refusal):
    code = "backdated"
    field = "from_on"
    text = _("The first day cannot be more than %(days)d days before the visit.")


class TooFarAhead(Refusal):
    code = "too_far_ahead"
    field = "from_on"
    text = _("The first day cannot be more than %(days)d days after today.")


class MarkMissing(Refusal):
    code = "mark_missing"
    field = "identification_mark"
    text = _("Enter a mark by which the patient is recognised, for example a scar or a mole.")


class OtherPatientsCertificate(Refusal):
    code = "other_patients_certificate"
    text = _("Only a document of the same patient and kind can be replaced.")
