"""Report the state of the service to systemd by sd_notify(3); without systemd nothing is sent."""

import os
import socket
import time


def ready() -> None:
    """Say that the service serves."""
    _send("READY=1")


def reloading() -> None:
    """Say that configuration is being read again; `ready` ends it."""
    _send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    """Say that the service is ending."""
    _send("STOPPING=1")


def status(text: str) -> None:
    """Say in a few words what the service does."""
    _send(f"STATUS={' '.join(text.split())}")  # a line break would begin another message


def watchdog() -> None:
    """Say that the service is alive."""
    _send("WATCHDOG=1")


def watchdog_s() -> float | None:
    """Return within how many seconds `watchdog` must be called again; None if nobody watches this process.

    Source: sd_watchdog_enabled(3).
    """
    microseconds, pid = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or pid not in {"", str(os.getpid())}:
        return None
    return int(microseconds) / 1_000_000 or None


def _send(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract namespace
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        try:
            out.connect(address)
            out.send(state.encode())
        except OSError:
            return  # a manager that went away must not stop the service
