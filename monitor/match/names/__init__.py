"""Index the names of sanctions lists, find them in text and decide which are meant. Pure."""
