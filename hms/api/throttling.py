"""How often a login and an address may ask within a minute, counted by all processes of a server together."""

import time

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from audit.capture.requests import client_address
from hms.core.shared_counts import WINDOW_S, shared_counts


class Throttle(BaseThrottle):
    setting: str

    def allow_request(self, request, view) -> bool:  # noqa: ARG002
        """The request of a view, or that of Django with its `user`."""
        name = self.name_of(request)
        if name is None:
            return True
        asked = shared_counts().count(f"{self.setting}:{name}")
        return asked <= settings.API[self.setting]

    def wait(self) -> float:
        return WINDOW_S - time.time() % WINDOW_S + 1

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


def count_without_view(request) -> None:
    """Count a request that no view will answer; refuses with `Throttled` what is too much."""
    refused = [
        throttle
        for kind in api_settings.DEFAULT_THROTTLE_CLASSES
        if not (throttle := kind()).allow_request(request, None)
    ]
    if refused:
        raise Throttled(max(throttle.wait() for throttle in refused))
