"""Jobs of the service, and what commands and pages share with them.

A job awaits, decides by pure values, commits once and logs:

- news: `poll`, `fulltext`, `lists`, `websub`
- messages: `deliver`, `digest`, `overdue`, `escalate`, `remind`, `silence_end`, `canary`, `health`
- the archive: `retention`, `refold`
- a cluster: `membership`, `shared_lists`

What jobs are made of:

- `context`, `policy`: the shared resources, and the decisions of the operator that a run reads
- of polls: `due_feeds`, `feed_poll`, `judging`, `headlines`, `open_stories`, `poll_outcome`, `poll_commits`,
  `group_commit`, `poll_counts`, `durations`
- of messages: `outgoing`, `attempt`, `next_attempt`, `retry`, `overdue_outcomes`

What commands and pages ask for; nothing of it is scheduled, and only `channel_test` sends anything: `search`,
`replay`, `coverage`, `evidence`, `export`, `probe`, `feed_addresses`, `channel_test`.
"""
