import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

pytestmark = pytest.mark.feature("A04")


def test_the_table_in_the_documents_is_up_to_date_in_any_language():
    with override("de"):
        call_command("draw_roles", check=True)


def test_a_stale_table_is_refused_and_drawn_again(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    drawn = tmp_path / "docs" / "roles.md"
    drawn.write_text("old")

    with pytest.raises(CommandError, match=r"docs/roles.md is stale: run `manage.py draw_roles`."):
        call_command("draw_roles", check=True)
    call_command("draw_roles")
    call_command("draw_roles", check=True)

    assert "| Can start and complete consultations |  | yes | yes |  |  |  |  |" in drawn.read_text()
