"""Subscribe to feeds at their hubs (WebSub), so that a change is polled at once.

    base        the protocol that jobs use
    offers      the hub that a document or its response names   (pure)
    schedule    when a subscription is requested and renewed    (pure)
    signatures  whether a message comes from the hub            (pure)
    client      sends the request to the hub

A message of a hub only makes the feed due: the document is then fetched, judged and committed by an ordinary
poll, and polls go on at their usual interval. A hub that lies or falls silent therefore loses nothing.

Source: W3C Recommendation "WebSub", 23 January 2018.
"""
