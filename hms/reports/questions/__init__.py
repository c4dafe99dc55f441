"""One file for each question, or for a few that share their definition; `apps.py` loads them all."""
