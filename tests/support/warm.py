"""Make a process ready of which programs under test are forked, so that no fork imports or compiles anything again."""

import _strptime  # noqa: F401  what `strptime` imports at its first use
import encodings.idna  # noqa: F401  what a socket imports for its first host name
import gc

import alembic.command
import alembic.ddl  # noqa: F401  what makes tables

from monitor.app.grouping import grouping_model
from monitor.feeds.http.authorities import trusted_authorities
from monitor.match.engine import Engine
from monitor.model import MessageForm, Tier
from monitor.render.renderer import Renderer
from monitor.render.samples import ALERTS, DIGEST, HEALTH


def warm_up(engine: Engine) -> None:
    """Read and compile what a program needs at its first item, message and connection."""
    grouping_model()
    trusted_authorities()
    for alert in ALERTS:
        engine.judge(alert.item, Tier.WIRE)
    renderer = Renderer()
    for form in MessageForm:
        renderer.alert(ALERTS[0], form)
        renderer.digest(DIGEST, form)
        renderer.health(HEALTH, form)
    gc.freeze()
