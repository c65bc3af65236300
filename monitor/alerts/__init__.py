"""From a verdict to what is owed to whom: story and policy decide, occasions says when, render words it.

To change the wording, copy a file of `templates/` into a folder of your own, name that folder in config.toml
and edit the copy. Every file begins with the names it may use, and `check` renders each on a sample.
"""
