from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.services import clear_dead_sessions, end_sessions, living_sessions


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_sessions(request):
    """The user's active sessions. POST ends the given session, or all but the current one."""
    here = request.session.session_key
    sessions = living_sessions(user=request.user)
    elsewhere = [session for session in sessions if session.session_key != here]
    if request.method == "POST":
        named = request.POST.get("session")
        ended = [row for row in elsewhere if named in (None, str(row.pk))]
        end_sessions(sessions=ended, by=request.user)
        clear_dead_sessions(user=request.user)
        if ended:
            messages.success(request, _("You have been logged out there."))
        return redirect("usersessions_list")
    context = {"sessions": sessions, "here": here, "elsewhere": elsewhere}
    return render(request, "usersessions/usersession_list.html", context)
