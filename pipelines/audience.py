"""Who follows a flow from this process: progress bars, and a list that takes the report.

These are no parameters of the flow, because Prefect would try to store them with the run; and they are not in
`flows.py`, because a scheduled run gets that module's contents pickled, and a context variable cannot be.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from pipelines.watch import Silent, Watch

if TYPE_CHECKING:
    from pipelines.nightly import Report

WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)
REPORTS: ContextVar[list[Report] | None] = ContextVar("reports", default=None)


def watch() -> Watch:
    """Whoever looks on in this process, or nobody."""
    return WATCH.get() or Silent()


def tell(report: Report) -> None:
    """Gives the report to whoever waits for it in this process; a scheduled run has nobody."""
    reports = REPORTS.get()
    if reports is not None:
        reports.append(report)
