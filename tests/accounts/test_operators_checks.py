"""What operators are told before a hospital goes live."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as of_project
from django.core.exceptions import ImproperlyConfigured

from accounts.checks import (
    proxies_are_counted,
    require_known_roles,
    those_who_see_everything_use_a_second_factor,
)
from hms.core.checks import files_of_others

pytestmark = pytest.mark.feature("A05")


def test_a_misspelt_role_of_the_second_factor_stops_the_start(settings):
    settings.MFA_REQUIRED_ROLES = ["admin"]

    with pytest.raises(ImproperlyConfigured, match="no such role: admin"):
        require_known_roles()


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        ([], "administrator, auditor"),
        (["administrator"], "auditor"),
        (["administrator", "auditor", "doctor"], ""),
    ],
)
def test_administrators_and_auditors_without_a_second_factor_are_named(roles, missing, settings):
    settings.MFA_REQUIRED_ROLES = roles

    found = those_who_see_everything_use_a_second_factor()

    assert [warning.msg.rpartition(": ")[2].rstrip(".") for warning in found] == (
        [missing] if missing else []
    )


@pytest.mark.parametrize(
    ("header", "count", "warnings"),
    [(None, 0, 0), (("HTTP_X_FORWARDED_PROTO", "https"), 0, 1), (("HTTP_X_FORWARDED_PROTO", "https"), 1, 0)],
)
def test_a_proxy_that_is_not_counted_is_named(header, count, warnings, settings):
    settings.SECURE_PROXY_SSL_HEADER, settings.ALLAUTH_TRUSTED_PROXY_COUNT = header, count

    assert len(proxies_are_counted()) == warnings


@pytest.mark.parametrize(("mode", "readable"), [(0o600, False), (0o644, True), (0o640, True)])
def test_a_database_file_that_others_can_read_is_named(mode, readable, tmp_path):
    for name in ("hospital.sqlite3", "hospital.sqlite3-wal", "another"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)

    found = files_of_others(tmp_path / "hospital.sqlite3")

    assert found == (["hospital.sqlite3", "hospital.sqlite3-wal"] if readable else [])


def test_a_command_creates_the_database_for_its_own_account(tmp_path):
    database = tmp_path / "hospital.sqlite3"

    subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "audit"],
        cwd=of_project.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        umask=0o022,
        capture_output=True,
        check=True,
    )

    assert database.exists()
    assert files_of_others(database) == []
