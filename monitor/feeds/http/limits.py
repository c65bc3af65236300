"""How long the steps of a request may take."""

#: How long one address may take to accept a connection, encryption included.
CONNECT_S = 10.0

#: How long a server may send nothing.
READ_S = 20.0
