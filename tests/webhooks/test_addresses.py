"""What may be asked: public hosts by https alone, whatever the spelling, at registering and at sending."""

import socket
from threading import Event

import pytest

from hms.core.rights import SYSTEM
from hms.webhooks.addresses import Address, parse, resolve
from hms.webhooks.exceptions import AddressRefused
from hms.webhooks.models import Endpoint
from hms.webhooks.services import save_endpoint
from hms.webhooks.transport import Answer, post
from tests.webhooks.receiver import status
from tests.webhooks.rows import PUBLIC, registered

pytestmark = pytest.mark.feature("I04")

LEAD_INSIDE = [
    *("127.0.0.1", "127.1", "0x7f000001", "0x7f.1", "2130706433", "017700000001", "localhost"),
    *("10.1.2.3", "172.16.0.1", "192.168.1.1", "[::1]", "[fc00::1]", "[fd12:3456::1]"),
    *("[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[2002:7f00:1::]", "[2002:a00:1::]"),
]
NOWHERE = [
    *(
        "169.254.169.254",
        "[fe80::1]",
        "[::ffff:169.254.169.254]",
        "[2002:a9fe:a9fe::]",
        "0.0.0.0",  # noqa: S104 - refused
        "0",
        "[::]",
    ),
    *(
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[ff02::1]",
        "[64:ff9b::7f00:1]",
        "[::127.0.0.1]",
        "[fec0::1]",
        "[3fff::1]",
        "192.88.99.1",
    ),
]
NO_ADDRESS = [
    *("http://93.184.215.14/", "ftp://93.184.215.14/", "//93.184.215.14/", "93.184.215.14", "", "https://"),
    *(
        "https:///hook",
        "https://user@93.184.215.14/",
        "https://a:b@93.184.215.14/",
        "https://@93.184.215.14/",
    ),
    *("https://93.184.215.14/#x", "https://[fe80::1%25eth0]/", "https://[::1/", "https://[zz]/"),
    *("https://93.184.215.14:0/", "https://93.184.215.14:22/", "https://93.184.215.14:25/"),
    *("https://93.184.215.14:65536/", "https://93.184.215.14:x/", "https://93.184.215.14/a b"),
    *(
        "https://93.184.215.14/\r\nX: y",
        "https://93.184.215.14\\@127.0.0.1/",
        "https://ho\u0455pital.example/",
    ),
    *("https://.example/", f"https://{'a' * 64}.example/", f"https://93.184.215.14/{'x' * 500}"),
]


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_plain_address_is_refused(url):
    with pytest.raises(AddressRefused):
        resolve(parse(url))


@pytest.mark.parametrize("host", [*LEAD_INSIDE, *NOWHERE, "localhost."])
def test_what_leads_inside_is_refused(host):
    with pytest.raises(AddressRefused):
        resolve(parse(f"https://{host}/hook"))


@pytest.mark.parametrize("host", NOWHERE)
def test_a_setting_opens_networks_of_the_house_and_nothing_else(host, inside_allowed):
    with pytest.raises(AddressRefused):
        resolve(parse(f"https://{host}/hook"))


@pytest.mark.parametrize("host", LEAD_INSIDE)
def test_the_setting_opens_the_inside_also_by_http(host, inside_allowed):
    assert resolve(parse(f"http://{host}/hook"))


def test_http_stays_closed_for_public_hosts(inside_allowed):
    with pytest.raises(AddressRefused):
        resolve(parse("http://93.184.215.14/"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://93.184.215.14", Address("https", "93.184.215.14", 443, "/")),
        ("https://[2606:2800:21f::1]:8443/a?b=c", Address("https", "2606:2800:21f::1", 8443, "/a?b=c")),
        ("HTTPS://93.184.215.14:443/", Address("https", "93.184.215.14", 443, "/")),
    ],
)
def test_public_numbers_are_taken(url, address):
    assert parse(url) == address
    assert resolve(address) == [address.host]


def test_host_headers_name_ports_that_are_not_the_usual_one():
    urls = ("https://a.example/", "https://a.example:8443/", "https://[2606:2800:21f::1]:8443/")

    assert [parse(url).host_header for url in urls] == [
        "a.example", "a.example:8443", "[2606:2800:21f::1]:8443",
    ]  # fmt: skip


class Names:
    """A resolver that gives each answer once and then the last one; numbers are left to the system."""

    def __init__(self, monkeypatch, *answers: list[str]):
        self.answers, self.asked, self.real = list(answers), [], socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.look_up)

    def look_up(self, host, port, *args, **kwargs):
        if not host.endswith(".example"):
            return self.real(host, port, *args, **kwargs)
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [found for number in answer for found in self.real(number, port, *args, **kwargs)]


@pytest.mark.parametrize(
    "numbers", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1", "93.184.215.14"], []]
)
def test_every_number_of_a_name_must_be_public(monkeypatch, numbers):
    Names(monkeypatch, numbers)

    with pytest.raises(AddressRefused):
        resolve(parse("https://hook.example/"))


@pytest.mark.django_db
def test_a_name_that_leads_inside_later_is_refused_when_it_is_sent_to(monkeypatch, receiver, settings):
    settings.WEBHOOKS = settings.WEBHOOKS | {"allow_inside": False}
    names = Names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    endpoint = registered(f"https://hook.example:{receiver.port}/")

    answer = post(endpoint.url, b"{}", {})

    assert answer == Answer(error="AddressRefused")
    assert (len(names.asked), receiver.taken) == (2, [])


def test_the_number_that_was_judged_is_the_one_that_is_asked(monkeypatch, receiver):
    names = Names(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    receiver.answer = status(204)

    answer = post(f"http://hook.example:{receiver.port}/in?x=1", b"{}", {})

    [(path, headers, body)] = receiver.taken
    assert (answer, names.asked) == (Answer(204), ["hook.example"])
    assert (path, headers["host"], body) == ("/in?x=1", f"hook.example:{receiver.port}", b"{}")


def test_a_resolver_that_hangs_is_left_alone(monkeypatch):
    wait = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: wait.wait(5) and [])

    answer = post("https://hook.example/", b"{}", {}, total_s=0.1)
    wait.set()

    assert answer == Answer(error="AddressRefused")


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://93.184.215.14/", "https://nowhere.invalid/"])
def test_registering_and_changing_refuse_such_an_address(url):
    endpoint = registered()
    new = Endpoint(name="Other", url=url, events=["booking.*"])
    endpoint.url = url

    for row in (new, endpoint):
        with pytest.raises(AddressRefused):
            save_endpoint(endpoint=row, by=SYSTEM)

    assert list(Endpoint.objects.values_list("url", flat=True)) == [PUBLIC]
