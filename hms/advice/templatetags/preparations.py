from collections.abc import Iterable

from django import template

from clinical.models import LabOrder, LabTest
from hms.advice.finding import preparations
from hms.advice.models import Article

register = template.Library()


@register.simple_tag
def preparations_for(orders: Iterable[LabOrder]) -> list[tuple[Article, list[LabTest]]]:
    """What the patient can read before the tests, each article with its tests."""
    found: dict[Article, list[LabTest]] = {}
    tests = {order.test.pk: order.test for order in orders}
    known = preparations({key: f"{test.name}\n{test.synonyms}" for key, test in tests.items()})
    for key, article in known.items():
        found.setdefault(article, []).append(tests[key])
    return list(found.items())
