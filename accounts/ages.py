"""Ages in the unit that fits: days for newborns, then weeks, months and years."""

from datetime import date

from django.utils.translation import ngettext

WEEKS_FROM_DAY = 28
MONTHS_FROM = 3
YEARS_FROM_MONTH = 24


def completed_months(born: date, day: date) -> int:
    """Whole months from birth to the day.

    A month is complete on the same day of a later month; where that month has no such day, on the first day
    of the next one, so that a child born on 29 February is one year old on 1 March.
    """
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def age_in_words(born: date, day: date) -> str:
    """The age on a day: in days below 4 weeks, weeks below 3 months, months below 2 years, else years."""
    days, months = (day - born).days, completed_months(born, day)
    if days < WEEKS_FROM_DAY:
        return ngettext("%d day", "%d days", days) % days
    if months < MONTHS_FROM:
        return ngettext("%d week", "%d weeks", days // 7) % (days // 7)
    if months < YEARS_FROM_MONTH:
        return ngettext("%d month", "%d months", months) % months
    return ngettext("%d year", "%d years", months // 12) % (months // 12)
