"""The binary fields that the pool, the template process and its workers send to each other."""

import struct

#: The length in bytes of the request or answer that follows.
LENGTH = struct.Struct("!Q")

#: A request to fork a worker: its seconds of processor time and its bytes of memory. Two sockets are sent
#: with it, one for data and one for status.
FORK_REQUEST = struct.Struct("!QQ")

#: The exit code of a worker, as `os.waitstatus_to_exitcode` gives it; written to the worker's status socket.
EXIT_CODE = struct.Struct("!i")
