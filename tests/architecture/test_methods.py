"""No page answers a method that it does not have as if it were GET or POST."""

import pytest
from django.http import HttpResponse
from django.urls import resolve

from hms.site.middleware import MethodsMiddleware
from tests.addresses import ADMIN, LOGINS, OURS

ADDRESSES = [address for _name, address in [*OURS, *LOGINS, *ADMIN]]
PAGES = [address for address in ADDRESSES if not hasattr(resolve(address).func, "cls")]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_pages_refuse_methods_that_they_do_not_have(admin_client, method):
    answers = [admin_client.generic(method, address) for address in PAGES]

    assert len(PAGES) > 100
    assert {(answer.status_code, answer["Allow"]) for answer in answers} == {(405, "GET, HEAD, POST")}


def test_views_that_refuse_methods_themselves_are_asked(rf):
    def of_the_rest_framework(_request):
        return HttpResponse()

    of_the_rest_framework.cls = object
    methods = MethodsMiddleware(of_the_rest_framework)

    assert methods.process_view(rf.delete("/"), of_the_rest_framework, [], {}) is None
    assert methods.process_view(rf.delete("/"), lambda _request: HttpResponse(), [], {}).status_code == 405
