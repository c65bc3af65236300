"""The query language of rules: lexer, parser, nodes, prefilter, explanations, warnings. Pure."""
