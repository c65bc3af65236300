"""Name the six kinds of meaning, for tables of expected values."""

AGAIN, CHANNEL, SLOW, SLOW_CHANNEL, DEAD, DEAD_CHANNEL = range(6)


def kind(meaning):
    """Say in one word what a meaning comes to."""
    if meaning.permanent:
        return DEAD_CHANNEL if meaning.channel else DEAD
    if meaning.retry_after:
        return SLOW_CHANNEL if meaning.channel else SLOW
    return CHANNEL if meaning.channel else AGAIN
