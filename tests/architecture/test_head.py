"""Every page that answers GET also answers HEAD, without a body."""

import pytest
from django.http import FileResponse, HttpResponse

from hms.site.middleware import HeadMiddleware
from tests.addresses import ADMIN, LOGINS, OURS
from tests.factories import UserFactory

NOT_ALLOWED = 405


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), [*OURS, *LOGINS, *ADMIN])
def test_pages_that_answer_get_answer_head(client, name, address):
    person = UserFactory(is_staff=True, is_superuser=True)
    answers = []
    for ask in (client.get, client.head):
        client.force_login(person)  # again, as one of the pages logs out
        answers.append(ask(address))

    assert [answer.status_code == NOT_ALLOWED for answer in answers] in ([True, True], [False, False])
    assert answers[1].content == b""


def test_the_list_of_pages_has_pages_of_every_kind():
    names = {name for name, _address in [*OURS, *LOGINS, *ADMIN]}

    assert names >= {
        "site:home",
        "accounts:show-profile",
        ":account_login",
        "admin:accounts_patient_changelist",
    }


@pytest.mark.django_db
def test_head_gives_the_length_of_the_page_without_the_body(rf, tmp_path):
    (tmp_path / "file.txt").write_text("words")

    def page(request):
        if request.path == "/file":
            return FileResponse((tmp_path / "file.txt").open("rb"))
        return HttpResponse("words", headers={"Content-Length": "5"})

    told = {}
    for path in ("/page", "/file"):
        answer = HeadMiddleware(page)(rf.head(path))
        told[path] = (answer["Content-Length"], b"".join(answer))
        answer.close()

    assert told == {"/page": ("5", b""), "/file": ("5", b"")}
