"""Compare verdicts with labelled news: topics, events, and which items report one act. Pure."""
