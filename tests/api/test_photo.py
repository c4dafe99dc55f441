"""The photograph of a doctor: multipart, through the rules of every photograph."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from tests.api.calls import Caller, told
from tests.factories import DoctorFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I01")]


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def doctor():
    return DoctorFactory()


@pytest.fixture
def administrator():
    return Caller(staff("administrator"))


def image(kind="PNG", side=900) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, kind)
    return out.getvalue()


def put(call, doctor, content: bytes, name="face.png"):
    body = encode_multipart(BOUNDARY, {"photo": SimpleUploadedFile(name, content)})
    path = f"/api/v1/doctors/{doctor.reference}/photo/"
    return call.client.put(path, body, content_type=MULTIPART_CONTENT, headers=call.headers)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photograph_is_stored_small_and_shown(administrator, doctor, kind):
    answer = put(administrator, doctor, image(kind))

    shown = Caller().get(f"doctors/{doctor.reference}/").json()
    assert (answer.status_code, answer.json()["photo"]) == (200, shown["photo"])
    content = b"".join(administrator.client.get(shown["photo"]).streaming_content)
    with Image.open(BytesIO(content)) as stored:
        assert (stored.format, stored.size) == ("JPEG", (640, 640))


def test_it_is_taken_away_again(administrator, doctor):
    put(administrator, doctor, image())
    path = f"doctors/{doctor.reference}/photo/"

    answers = [administrator.delete(path).status_code for _time in range(2)]

    assert (answers, Caller().get(f"doctors/{doctor.reference}/").json()["photo"]) == ([204, 204], None)


@pytest.mark.parametrize("content", [b"no picture", image("GIF"), b"", image("PNG", 8001)])
def test_what_is_no_photograph_is_refused_at_its_field(administrator, doctor, content):
    answer = put(administrator, doctor, content)

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), ["photo"])


def test_only_multipart_is_taken_here_and_json_everywhere_else(administrator, doctor):
    path = f"/api/v1/doctors/{doctor.reference}/"
    multipart = administrator.client.patch(
        path, encode_multipart(BOUNDARY, {"fee": "1"}), MULTIPART_CONTENT, headers=administrator.headers
    )

    assert told(administrator.put(f"{path}photo/", {"photo": "x"})) == (415, "unsupported_media_type")
    assert told(multipart) == (415, "unsupported_media_type")


def test_only_administrators_change_it(doctor):
    people = [staff("receptionist"), staff("doctor"), None]

    assert [told(put(Caller(person), doctor, image())) for person in people] == [
        (403, "permission_denied"),
        (403, "permission_denied"),
        (401, "not_authenticated"),
    ]
