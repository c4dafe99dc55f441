"""Pages look the same with what is left of Bootstrap as with all of it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from hms.core.stylesheets import BOOTSTRAP
from hms.core.unused_rules import without_unused_rules, words_of_pages
from tests.browser.rows import given_a_doctor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOOK = """() => [...document.querySelectorAll("body, body *")].flatMap((element) =>
  ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part || null);
    const values = [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`);
    return [element.tagName + part, element.className, ...values].join("; ");
  }))"""


def test_no_element_of_a_page_looks_different_without_the_rules_that_are_left_out(visitor):
    doctor = given_a_doctor("Dr Asha Menon")
    pages = ["/", "/doctors/?q=nobody", doctor.get_absolute_url()]
    pages += [reverse("account_login"), reverse("account_signup")]
    before, after = visitor(), visitor()
    after.page.route(f"**/{BOOTSTRAP}", lambda route: route.fulfill(body=rest(), content_type="text/css"))

    for page in pages:
        looks = []
        for one in (before, after):
            one.page.goto(before.site + page, wait_until="networkidle")
            looks.append(one.page.evaluate(LOOK))

        assert len(looks[0]) > 100
        assert different(*looks) == []


def different(before: list[str], after: list[str]) -> list[tuple[str, ...]]:
    """What an element looked like and looks like now, as far as it differs; the order says nothing."""
    pairs = [(set(one.split("; ")), set(other.split("; "))) for one, other in zip(before, after, strict=True)]
    return [tuple(sorted(one ^ other)) for one, other in pairs if one != other]


def rest() -> str:
    css = re.sub(r"/\*.*?\*/", "", Path(finders.find(BOOTSTRAP)).read_text(), flags=re.DOTALL)
    return without_unused_rules(css, words_of_pages())
