"""Who may do what: sign-in, sessions, form tokens, roles, and the rule which address may be listened at."""
