"""The web framework is loaded by a process that serves, and by no other command."""

import subprocess
import sys

COMMANDS = "monitor.cli.run, monitor.cli.check, monitor.app.build, monitor.web.server, monitor.cli.users"
LOADED = f"import sys, {COMMANDS}; print([each for each in ('fastapi', 'uvicorn', 'pygal', 'argon2') if each in sys.modules])"


def test_commands_that_do_not_serve_load_no_web_framework() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
