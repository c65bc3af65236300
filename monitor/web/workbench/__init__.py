"""The workbench without HTTP: try a query on the archive, and keep rules in a file of its own."""
