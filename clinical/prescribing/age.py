from datetime import date

from django.utils.translation import ngettext


def age_in_words(born: date, on: date) -> str:
    """Days up to four weeks, months up to two years, then completed years."""
    days = (on - born).days
    if days < 28:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": months // 12}
