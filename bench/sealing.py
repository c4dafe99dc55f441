"""Seals the log once a second until it is stopped: an operator's timer, sixty times as keen."""

import os
import time

import django

EVERY_S = 1


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from audit.evidence.seals import seal_log  # noqa: PLC0415 - after django.setup()

    while True:
        seal_log()
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
