"""How long the steps of a request may take, and whose connections are kept."""

#: How long one address may take to accept a connection, encryption included.
CONNECT_S = 10.0

#: How long a server may send nothing.
READ_S = 20.0

#: No connection is used twice.
NO_HOSTS: frozenset[str] = frozenset()
