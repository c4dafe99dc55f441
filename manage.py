#!/usr/bin/env python
"""Entry point for every operator's command: see `manage.py help` and README.md."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms.settings")
    execute_from_command_line(sys.argv)
