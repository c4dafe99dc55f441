"""No page answers a method that it does not have as if it were GET or POST."""

import pytest

from tests.addresses import ADMIN, LOGINS, OURS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_pages_refuse_methods_that_they_do_not_have(admin_client, method):
    answers = {
        (address, answer.status_code, answer["Allow"])
        for _name, address in [*OURS, *LOGINS, *ADMIN]
        for answer in [admin_client.generic(method, address)]
    }

    assert answers == {(address, 405, "GET, HEAD, POST") for _name, address in [*OURS, *LOGINS, *ADMIN]}
