"""Observe what is usual for a feed, and report what is unusual in a poll.

    quiet_spells  how long the feed is usually quiet, and whether it is quiet for unusually long
    bursts        more new items in one poll than the feed usually brings
    moves         permanent redirects, until they are proven
    drift         items in another language, about other subjects, or linking to other sites
    notices       items about the feed itself
    observe       all of them together: the new `FeedProfile` with its signs

To add a sign: write a function from the old profile and the `PollObservation` to a reason; yield it in
`observe._signs`; list it in `observe._DOUBTFUL_SIGNS` if its items must not raise alerts at once.
`monitor.feeds.health` passes every sign on to the operator.
"""
