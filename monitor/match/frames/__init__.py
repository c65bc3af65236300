"""Find acts in clauses: a verb of one class, its object of another, their roles and their status. Pure."""
