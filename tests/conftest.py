"""Settings of all tests: none of them is timed, so a machine that is busy fails none."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
