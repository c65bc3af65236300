"""From words to a verdict with reasons. Pure: no file, no clock, no log.

The way of an item: `text.tokenize` → `spotting` (one pass finds every lexicon entry and every word that a
rule uses) → `query` (rules and event definitions are boolean queries over what was spotted) → `events`
(what happened, with its guards) → `score` (relevance, severity, credibility) → `engine`, which puts the
verdict together. `query.prefilter` skips queries that cannot hold; `explain`, `examples`, `lint` and
`evaluation` tell people what queries ask, miss and find.

To add a term, edit a file of ``seeds/lexicon/``. To add an operator to the query language: a node with
`find` and `needs` in `query/nodes.py`, its sign in `query/lexer.py` and `query/parser.py`, its words in
`query/explain.py`, its examples in ``tests/match/query/operators.toml``.
"""
