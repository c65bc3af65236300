"""A real Postfix on loopback with its own configuration, queue and log; nothing that it accepts goes anywhere."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

#: The daemons that a mail server needs besides `smtpd`; what it accepts is discarded.
SERVICES = """
pickup    unix  n - n 60   1 pickup
cleanup   unix  n - n -    0 cleanup
qmgr      unix  n - n 300  1 qmgr
tlsmgr    unix  - - n 1000 1 tlsmgr
rewrite   unix  - - n -    - trivial-rewrite
bounce    unix  - - n -    0 bounce
defer     unix  - - n -    0 bounce
trace     unix  - - n -    0 bounce
flush     unix  n - n 1000 0 flush
proxymap  unix  - - n -    - proxymap
anvil     unix  - - n -    1 anvil
discard   unix  - - n -    - discard
retry     unix  - - n -    - error
postlog   unix-dgram n - n - 1 postlogd
"""

MAIN = {
    "compatibility_level": "3.6",
    "inet_interfaces": "127.0.0.1",
    "inet_protocols": "ipv4",
    "myhostname": "mail.desk.example",
    "mydestination": "desk.example, news.example",
    "mynetworks": "",
    "alias_maps": "",
    "alias_database": "",
    "local_recipient_maps": "inline:{desk@desk.example=x, full@desk.example=x}",
    "local_transport": "discard:",
    "default_transport": "discard:",
    "smtpd_peername_lookup": "no",
    "smtpd_tls_security_level": "none",
    "smtpd_error_sleep_time": "0",
}


def missing() -> str:
    """Return why Postfix cannot be started here; "" if it can."""
    if shutil.which("postfix", path=_PATH) is None:
        return "Postfix is not installed (Debian: apt-get install postfix)"
    return "" if os.geteuid() == 0 else "Postfix starts as root only"


@contextmanager
def postfix(ports: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, int]]:
    """Run Postfix with one port for each set of parameters; yield the ports by name, and stop it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postfix-")))
        folder.chmod(0o755)
        numbers = {name: _free_port() for name in ports}
        _configure(folder, {numbers[name]: parameters for name, parameters in ports.items()})
        command = ["postfix", "-c", str(folder / "etc")]
        stack.callback(subprocess.run, [*command, "stop"], env=_ENVIRONMENT, capture_output=True, check=False)
        started = subprocess.run(
            [*command, "start"], env=_ENVIRONMENT, capture_output=True, text=True, check=False
        )
        if started.returncode:
            raise RuntimeError(f"postfix start: {started.stdout}{started.stderr}{_log(folder)}")
        yield numbers


_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_ENVIRONMENT = {"PATH": _PATH, "LC_ALL": "C"}


def _configure(folder: Path, ports: Mapping[int, Mapping[str, str]]) -> None:
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    main = MAIN | {
        "queue_directory": str(folder / "queue"),
        "data_directory": str(folder / "data"),
        "maillog_file": str(folder / "mail.log"),
        "maillog_file_prefixes": str(folder),
    }
    (folder / "etc/main.cf").write_text("".join(f"{key} = {value}\n" for key, value in main.items()))
    master = [SERVICES]
    for port, parameters in ports.items():
        options = " ".join(f"-o {{ {key} = {value} }}" for key, value in parameters.items())
        master.append(f"127.0.0.1:{port} inet n - n - - smtpd {options}\n")
    (folder / "etc/master.cf").write_text("".join(master))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _log(folder: Path) -> str:
    log = folder / "mail.log"
    return log.read_text("utf-8", "replace") if log.exists() else ""
