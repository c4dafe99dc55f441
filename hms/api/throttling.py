"""How often a login and an address may ask within a minute, counted in the memory of each process."""

import time

from django.conf import settings
from django.core.cache import caches
from rest_framework.throttling import BaseThrottle

from audit.capture.requests import client_address

MINUTE_S = 60


class Throttle(BaseThrottle):
    setting: str

    def allow_request(self, request, view) -> bool:  # noqa: ARG002
        name = self.name_of(request)
        if name is None:
            return True
        counts, window = caches["api_counts"], int(time.time()) // MINUTE_S
        key = f"{self.setting}:{name}:{window}"
        counts.add(key, 0, MINUTE_S)
        try:
            return counts.incr(key) <= settings.API[self.setting]
        except ValueError:  # thrown out in between: the cache holds as much as it may
            return True

    def wait(self) -> float:
        return MINUTE_S - time.time() % MINUTE_S + 1

    def name_of(self, request) -> str | None:
        raise NotImplementedError


class LoginThrottle(Throttle):
    setting = "requests_a_minute_of_a_login"

    def name_of(self, request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class AddressThrottle(Throttle):
    """Wide: all staff of a hospital, and a clinic's whole site, may come from one address."""

    setting = "requests_a_minute_of_an_address"

    def name_of(self, request) -> str | None:
        return client_address(request) or "none"
