"""Build a data package from seeds/: ``python packaging/data_package.py FOLDER``.

It is a wheel named by ``seeds/version.txt``, whose manifest has the hash of each file. The same files give the same wheel.
"""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

from monitor import __version__
from monitor.app.data_package import MANIFEST, VERSION_FILE
from monitor.resources import BUILT_IN_SEEDS, DATA_FORMAT, DATA_PACKAGE, SERIES

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip file has no earlier time

METADATA = """\
Metadata-Version: 2.4
Name: sanctions-monitor-data
Version: {version}
Summary: Lexicon, frames, rules and sources of sanctions-monitor {series}
License-Expression: Apache-2.0
Requires-Dist: sanctions-monitor >={series},<{next}
"""
WHEEL = (
    "Wheel-Version: 1.0\nGenerator: sanctions-monitor {program}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)


def build(seeds: Path, folder: Path) -> Path:
    """Write the wheel of a folder of data; return its path."""
    version = (seeds / VERSION_FILE).read_text("utf-8").strip()
    paths = sorted(path for path in seeds.rglob("*") if path.is_file())
    data = {path.relative_to(seeds).as_posix(): path.read_bytes() for path in paths}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in data.items()}
    manifest = {"format": DATA_FORMAT, "version": version, "program": SERIES, "files": hashes}
    members = {f"{DATA_PACKAGE}/seeds/{name}": content for name, content in data.items()}
    members[f"{DATA_PACKAGE}/{MANIFEST}"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    members[f"{DATA_PACKAGE}/__init__.py"] = b'"""Data of sanctions-monitor."""\n'
    info = f"{DATA_PACKAGE}-{version}.dist-info"
    major, minor = SERIES.split(".")
    members[f"{info}/METADATA"] = METADATA.format(
        version=version, series=SERIES, next=f"{major}.{int(minor) + 1}"
    ).encode()
    members[f"{info}/WHEEL"] = WHEEL.format(program=__version__).encode()
    members[f"{info}/RECORD"] = _record(members, info)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{DATA_PACKAGE}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, content)
    return path


def _record(members: dict[str, bytes], info: str) -> bytes:
    """Return the list of files with their hashes that a wheel holds (PEP 427)."""
    lines = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()


if __name__ == "__main__":
    print(build(BUILT_IN_SEEDS, Path(sys.argv[1])))
