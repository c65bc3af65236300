"""Select, extract and describe the web pages behind items."""
