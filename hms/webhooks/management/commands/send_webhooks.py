from django.core.management.base import BaseCommand

from hms.webhooks.jobs import send


class Command(BaseCommand):
    help = "Send the webhooks that are due; `run_jobs` does it steadily."

    def handle(self, **_options):
        if said := send():
            self.stdout.write(f"{said}.")
