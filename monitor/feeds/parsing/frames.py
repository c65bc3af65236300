"""The binary fields that the pool, the template process and its workers write to each other."""

import struct

#: The length of a frame, before its bytes.
LENGTH = struct.Struct("!Q")

#: A request for a worker: seconds of processor time and bytes of memory. Two sockets come with it, for data
#: and for status.
FORK_REQUEST = struct.Struct("!QQ")

#: The exit code of a worker, as `os.waitstatus_to_exitcode` gives it, written to its status socket.
EXIT_CODE = struct.Struct("!i")
