"""What every test stands on: Qt without a screen, and properties that take their time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Before anything imports Qt: pictures are drawn into memory, whatever display there is.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("COLLABDESK_TEST_PLATFORM", "offscreen")

# Two cores and twenty workers make single examples slow now and then; slowness is no failure.
settings.register_profile("workbench", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples on every run, so that a red build can be run again.
settings.register_profile("ci", settings.get_profile("workbench"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "workbench")
