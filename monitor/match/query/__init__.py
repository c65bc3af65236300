"""The query language of rules: lexer, parser, nodes, prefilter, explanations, lint. Pure."""
