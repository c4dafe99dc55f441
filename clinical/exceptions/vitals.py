from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hms.core.refusals import Refusal


class NotAMeasurement(Refusal):
    code = "not_a_measurement"
    text = _("Enter a number, for example %(example)s.")

    @classmethod
    def of(cls, measure) -> "NotAMeasurement":
        if not measure.example:
            return cls(_("Enter a number."))
        return cls(
            _("Enter a number in %(unit)s, or with another unit like %(example)s."),
            unit=measure.unit,
            example=measure.example,
        )


class TooPrecise(Refusal):
    code = "too_precise"
    text = _("Enter a whole number.")

    @classmethod
    def of(cls, measure) -> "TooPrecise":
        if not measure.decimals:
            return cls()
        text = ngettext_lazy(
            "Enter at most %(decimals)d decimal.", "Enter at most %(decimals)d decimals.", "decimals"
        )
        return cls(text, decimals=measure.decimals)


class ImpossibleValue(Refusal):
    code = "impossible_value"
    text = _("%(value)s is not possible. Enter %(low)s to %(high)s.")

    @classmethod
    def of(cls, measure, value) -> "ImpossibleValue":
        low, high = measure.number(measure.low), measure.in_words(measure.high)
        said = {"value": measure.in_words(value), "low": low, "high": high}
        if not measure.example:
            return cls(**said)
        text = _("%(value)s is not possible. Enter %(low)s to %(high)s, or name the unit: %(example)s.")
        return cls(text, **said, example=measure.example)


class DiastolicTooHigh(Refusal):
    code = "diastolic_too_high"
    text = _("The diastolic pressure must be below the systolic pressure.")


class NothingMeasured(Refusal):
    code = "nothing_measured"
    text = _("Enter at least one measurement.")


class MeasuredAtImpossible(Refusal):
    code = "measured_at_impossible"
    field = "measured_at"
    text = _("Enter a time between the patient's birth and now.")


class AppointmentOfAnother(Refusal):
    code = "appointment_of_another"
    text = _("This appointment is another patient's.")


class NobodyToMeasure(Refusal):
    code = "nobody_to_measure"
    text = _("Nothing is measured at a visit that is cancelled or missed, or takes place on another day.")
