"""What holds for every answer, whoever made it."""

from django.utils.cache import add_never_cache_headers, patch_cache_control


class HeadMiddleware:
    """Answer HEAD as GET is answered, length and all, without the body."""

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
    """What a logged-in person sees is theirs: forbid caching of every answer made for a session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response
