"""Find what happened: event types, parties, amounts and deadlines in clauses. Pure."""
