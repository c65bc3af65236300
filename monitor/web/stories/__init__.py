"""The list of stories and a story's page without HTTP: filters in an address, searches, rows, actions."""
