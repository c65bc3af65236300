"""Write the files of shell completion: ``python packaging/completion.py FOLDER``.

They are what ``sanctions-monitor --show-completion`` prints, under the names by which packages install them.
"""

import sys
from pathlib import Path

from typer.completion import get_completion_script

PROGRAM = "sanctions-monitor"

#: The name of the file for each shell.
FILES = {"bash": PROGRAM, "zsh": f"_{PROGRAM}", "fish": f"{PROGRAM}.fish"}


def completion(shell: str) -> str:
    """Return the script for a shell."""
    variable = f"_{PROGRAM}_COMPLETE".replace("-", "_").upper()
    return get_completion_script(prog_name=PROGRAM, complete_var=variable, shell=shell) + "\n"


def main(folder: str) -> None:
    """Write a file for each shell into a folder of its name."""
    for shell, name in FILES.items():
        path = Path(folder) / shell / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(completion(shell), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
