"""What a logged-in person sees is theirs: no cache may keep it."""

from django.utils.cache import add_never_cache_headers, patch_cache_control


class PrivatePagesMiddleware:
    """Forbid caching of every answer that was made for a session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response
