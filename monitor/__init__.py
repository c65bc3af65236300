"""Poll public feeds for sanctions and arms-purchase news, and send explained alerts and digests once.

The map of the package; imports point downwards only::

    __main__     run the command line as ``python -m monitor``
    cli          commands: one file per command group; they print, and decide nothing
    app          wiring: build constructs every part; service runs the jobs; derive turns settings into values
    web          the desk, the API, pages behind action links, the Atom feed, the health check, metrics
    engine       when jobs run: APScheduler in one process, Procrastinate in several on PostgreSQL
    jobs         one file per job: poll, fulltext, digest, deliver, overdue, escalate, canary, health, …
    config       read config.toml and the environment into settings, which build the values of the other parts

    alerts       decide routes, quiet hours, silences and signed links; raise alerts. Pure
    stories      group items that report the same act, and find what is new in a later report. Pure
    feeds        fetch documents within limits, parse them into items, recognise known items, plan polls
    match        judge text: lexicon, names, rules, events, scores. Pure
    lists        parse sanctions lists, cache the last good copy, compare copies
    digests      compute when digests are due, and what overdue content they add. Pure
    render       turn alerts, digests and health reports into messages, exports and evidence packs
    channels     send messages: one file per channel, whose settings class builds it
    translation  translate headlines for readers by an endpoint of the operator
    store        keep all state in SQLite or PostgreSQL: one transaction per method

    similarity   measure how similar two links or two titles are. Pure
    executor     run blocking calls off the event loop
    text         split text into folded words with offsets. Pure
    model        the values that the parts exchange: frozen dataclasses and enumerations
    errors       the exceptions of the program, and what they suggest
    clock        the only reader of the wall clock
    resources    locate templates, seeds and the example configuration; create private files

``docs/architecture.md`` follows one item from bytes to mail, and names the files to touch for extensions.
"""

__version__ = "0.1.0"
