"""What a person does beside a program that calls the API: reads mail, and uses pages in a browser."""

import re

import requests

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Payer:
    """Somebody at a browser without scripts."""

    def __init__(self, site: str):
        self.site, self.session = site, requests.Session()

    def confirms_the_address(self, mail) -> None:
        path = re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]
        self.sends(self.site + path, {})

    def pays(self, address: str, email: str, password: str) -> None:
        """Open the page of the bank, log in, and press “Pay”."""
        login = self.session.get(address, timeout=30).url
        assert "/accounts/login/" in login
        self.sends(login, {"login": email, "password": password, "next": address.removeprefix(self.site)})
        self.sends(address, {"outcome": "paid"})

    def sends(self, address: str, fields: dict) -> None:
        page = self.session.get(address, timeout=30)
        token = TOKEN.search(page.text)[1]
        answer = self.session.post(
            page.url, fields | {"csrfmiddlewaretoken": token}, headers={"Referer": page.url}, timeout=30
        )
        answer.raise_for_status()
