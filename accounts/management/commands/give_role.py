from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.names import tidy_email
from accounts.roles import Role
from accounts.services import give_role_alone


class Command(BaseCommand):
    help = "Give a login a role without a second person: for a hospital that has only one administrator yet."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *, email: str, role: str, **_options):
        user = User.objects.filter(email=tidy_email(email)).first()
        if user is None:
            raise CommandError(f"There is no login {email}.")
        try:
            user = give_role_alone(user=user, role=Role(role))
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{user} has the roles: {', '.join(sorted(user.role_names))}.")
