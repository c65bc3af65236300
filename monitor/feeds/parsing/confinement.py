"""Take files and network away from this process and its children, as far as the kernel allows.

Two parts of Linux do that without privileges: Landlock, for files, TCP and signals, and a seccomp filter, for
system calls that make connections or start programs. Both are called by ctypes, in four system calls: the
bindings on the package index are development versions, or need a C library.

Source: landlock(7), Documentation/userspace-api/landlock.rst; seccomp(2).
"""

import ctypes
import errno
import os
import platform
import stat
import struct
import sys
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import monitor

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_SET_NO_NEW_PRIVS = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_VERSION_REQUEST = 1
_PATH_BENEATH = 1

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3

#: How many rights of files there are, by the first version of Landlock that knows them.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_TCP_SINCE, _TCP_RIGHTS = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11  # abstract Unix sockets and signals

#: Folders of shared libraries, which a module may load when it is first used, and the local time zone.
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime")

#: The number of each architecture in a filter, and its numbers of the system calls that are refused: socket,
#: connect, accept, accept4, bind, listen, execve, execveat, ptrace, process_vm_readv, process_vm_writev, bpf,
#: perf_event_open, userfaultfd, io_uring_setup, pidfd_getfd.
_REFUSED = {
    "x86_64": (0xC000003E, (41, 42, 43, 288, 49, 50, 59, 322, 101, 310, 311, 321, 298, 323, 425, 438)),
    "aarch64": (0xC00000B7, (198, 203, 202, 242, 200, 201, 221, 281, 117, 270, 271, 280, 241, 282, 425, 438)),
}
_FIRST_OF_X32 = 0x4000_0000  # numbers of another interface, which a list of numbers would miss


@dataclass(frozen=True, slots=True)
class Confinement:
    """What confines a process: the version of Landlock, 0 without, and whether there is a seccomp filter."""

    landlock: int = 0
    seccomp: bool = False


def confine() -> Confinement:
    """Allow this process to read the modules of the program and nothing else; it cannot be undone."""
    if sys.platform != "linux":
        return Confinement()
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return Confinement()
    return Confinement(_restrict_files(library, readable_paths()), _filter_calls(library))


def readable_paths() -> tuple[str, ...]:
    """Return what a parser may read: installed packages, our modules, time zones, libraries."""
    installed = (path for path in sys.path if _is_installation(Path(path)))
    return (*installed, str(Path(monitor.__file__).parent), *zoneinfo.TZPATH, *_SYSTEM)


def _is_installation(path: Path) -> bool:
    """Return whether a folder of modules is Python's own or one of packages, not a working folder."""
    prefixes = (Path(sys.prefix), Path(sys.base_prefix))
    return path.name.endswith("-packages") or any(path.is_relative_to(prefix) for prefix in prefixes)


def _restrict_files(library: ctypes.CDLL, readable: Iterable[str]) -> int:
    """Refuse files, but for these to be read; return the version of Landlock, 0 if it is missing."""
    version = int(library.syscall(_CREATE_RULESET, None, 0, _VERSION_REQUEST))
    if version < 1:
        return 0
    count = max(rights for since, rights in _FILE_RIGHTS.items() if since <= version)
    handled = [(1 << count) - 1]
    if version >= _TCP_SINCE:
        handled.append(_TCP_RIGHTS)
    if version >= _SCOPES_SINCE:
        handled.append(_SCOPES)
    attributes = struct.pack(f"{len(handled)}Q", *handled)
    ruleset = int(library.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    if ruleset < 0:
        return 0
    try:
        for path in readable:
            _allow(library, ruleset, path)
        return 0 if library.syscall(_RESTRICT_SELF, ruleset, 0) else version
    finally:
        os.close(ruleset)


def _allow(library: ctypes.CDLL, ruleset: int, path: str) -> None:
    """Allow reading below a folder, or a file; what is missing needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rights = _READ_FILE | _READ_DIR if is_folder else _READ_FILE
        library.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _filter_calls(library: ctypes.CDLL) -> bool:
    """Refuse calls that make connections, start programs or reach into others; return whether it worked."""
    if platform.machine() not in _REFUSED:
        return False
    instructions = _program(*_REFUSED[platform.machine()])
    code = ctypes.create_string_buffer(b"".join(instructions))
    program = struct.pack("@HP", len(instructions), ctypes.addressof(code))
    return not library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0)


def _program(architecture: int, refused: tuple[int, ...]) -> list[bytes]:
    """Return the filter: load the architecture, then the number, compare, allow or refuse.

    A jump counts from the next instruction.
    """
    load, equal, at_least, give_back = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF_0000, 0x0005_0000 | errno.EPERM
    refusing = len(refused) + 5  # the last instruction; the one before it allows
    comparisons = [(equal, number) for number in refused]
    lines = [(load, 0, 0, 4), (equal, 0, refusing - 2, architecture), (load, 0, 0, 0)]
    for line, (operation, value) in enumerate([(at_least, _FIRST_OF_X32), *comparisons], start=3):
        lines.append((operation, refusing - line - 1, 0, value))
    lines += [(give_back, 0, 0, allow), (give_back, 0, 0, refuse)]
    return [struct.pack("=HBBI", *line) for line in lines]
