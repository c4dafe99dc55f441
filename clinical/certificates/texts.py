"""The words of certificates: a sentence made from the facts, and a draft for what the doctor adds."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinical.statuses import CertificateKind as Kind

DRAFTS = {
    Kind.SICK_NOTE: gettext_lazy("Rest at home is advised."),
    Kind.FITNESS: gettext_lazy("There are no restrictions."),
    Kind.REFERRAL: gettext_lazy(
        "Dear colleague,\n\nI refer this patient to you because of:\n\nFindings:\n\nTreatment so far:\n\n"
        "Thank you for your opinion."
    ),
}


def statement(kind: Kind, *, seen_on: date, from_on: date | None, to_on: date | None) -> str:
    """What the document certifies; both days of a period are included."""
    facts = {"seen": day(seen_on), "from": day(from_on), "to": day(to_on)}
    if kind == Kind.SICK_NOTE:
        count = (to_on - from_on).days + 1
        facts["days"] = ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
        text = _(
            "The patient named above was examined on %(seen)s and is not fit for work or school from "
            "%(from)s to %(to)s, both days included (%(days)s)."
        )
    elif kind == Kind.FITNESS:
        text = _(
            "The patient named above was examined on %(seen)s and is fit for work or school from %(from)s."
        )
    else:
        text = _("The patient named above was seen on %(seen)s.")
    return text % facts


def day(on: date | None) -> str:
    return date_format(on, "j F Y") if on else ""
