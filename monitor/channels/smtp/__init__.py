"""Mail by SMTP submission: message bytes, signatures, tokens, the conversation."""
