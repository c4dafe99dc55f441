import pytest
from django.core.management import CommandError, call_command


def test_the_drawing_in_the_documents_is_up_to_date():
    call_command("draw_states", check=True)


def test_a_stale_drawing_is_refused(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "states.md").write_text("old")

    with pytest.raises(CommandError, match="stale"):
        call_command("draw_states", check=True)
    call_command("draw_states")
    call_command("draw_states", check=True)
