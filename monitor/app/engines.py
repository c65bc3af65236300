"""Construct the engine that the configuration names."""

from sqlalchemy.engine import URL

from monitor.engine.base import Engine
from monitor.engine.queue_schema import MISSING
from monitor.errors import StoreError
from monitor.jobs.membership import Membership
from monitor.store.location import parse_location


def engine_of(database: str, membership: Membership | None) -> Engine:
    """Return the engine of a single process, or of a member of a cluster.

    Raises:
        StoreError: the queue of a cluster is not installed.
    """
    if membership is None:
        from monitor.engine.local import LocalEngine  # noqa: PLC0415  only a service needs the scheduler

        return LocalEngine()
    try:
        from monitor.engine.cluster import ClusterEngine  # noqa: PLC0415  an extra
    except ImportError as error:
        raise StoreError(MISSING) from error
    engine = ClusterEngine(
        queue_url(database),
        lease=membership.lease,
        leads=membership.leads,
        runs_jobs=membership.worker.runs_jobs,
    )
    membership.lanes = engine.lanes
    return engine


def queue_url(database: str) -> str:
    """Return the URL of the database in the form that the driver of the queue reads."""
    location = parse_location(database)
    assert isinstance(location, URL)  # noqa: S101  a cluster has no file
    return location.set(drivername="postgresql").render_as_string(hide_password=False)
