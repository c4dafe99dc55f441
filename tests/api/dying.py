"""A power cut between the commit and the answer: the process kills itself where the request says."""

import os
import signal


class DiesBeforeItAnswers:
    """Everything is done, the answer is kept and not yet sent."""

    when = "before it answers"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.headers.get("X-Dies") == self.when:
            os.kill(os.getpid(), signal.SIGKILL)
        return response


class DiesBeforeTheAnswerIsKept(DiesBeforeItAnswers):
    """What the view did is committed; nobody has kept the answer."""

    when = "before the answer is kept"
