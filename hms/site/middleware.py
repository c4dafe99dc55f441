"""Rules for every response of the project."""

from django.utils.cache import add_never_cache_headers, patch_cache_control


class HeadMiddleware:
    """Answer HEAD like GET, with the same headers and length, without the body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = []
            else:
                response.content = b""
        return response


class PrivatePagesMiddleware:
    """Forbid caching of every response to a logged-in user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response
