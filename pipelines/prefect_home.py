"""Prefect's surroundings, set before Prefect is imported: no telemetry, no account, nothing left in the user's home."""

from __future__ import annotations

import os
from pathlib import Path

_SETTINGS = {
    # Telemetry off: the SDK's events, the server's heartbeat, the resource metrics, traces to Prefect's cloud.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    # The first start makes the history's database, which takes longer than Prefect's 20 s on a busy small machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    # Progress and failures are told by the job itself.
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
}


def quiet_prefect(data: Path) -> None:
    """Sets what the user has not set himself.

    Without a Prefect profile or API of the user's own, run history lies in `<data>/.prefect`, beside what it describes.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    own = Path.home() / ".prefect" / "profiles.toml"
    if "PREFECT_API_URL" not in os.environ and not own.exists():
        home = (data / ".prefect").resolve()
        home.mkdir(parents=True, exist_ok=True)  # the server does not make it and fails on its database
        os.environ.setdefault("PREFECT_HOME", str(home))
