"""What a poll teaches of its feed, and what in it an operator should know. Pure.

One module for each thing that goes wrong silently:

    rhythm   how often something new comes, and whether it stopped coming
    bursts   more new items at once than the feed ever brought
    moves    an address that answers from somewhere else
    looks    items that no longer look like this feed's
    notices  items that are about the feed itself
    learn    all of them together

To add one: a function from what was remembered and what came to what is remembered, and a sign where an
operator should look; then a line in `learn`, and in `monitor.watch` how long it may last before it is told.
"""
