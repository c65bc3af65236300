"""Read mailboxes over IMAP as feeds: newsletters and alerts that come by mail only.

    address    the server and folder that an ``imaps:`` address names                   (pure)
    cursor     the last message read, stored in place of an ETag                        (pure)
    senders    whose messages are read                                                  (pure)
    responses  the answers to FETCH                                                     (pure)
    mbox       messages as one document, and back                                       (pure)
    link       the connection: guarded, bounded, encrypted
    session    the few commands that are needed, none of which changes the mailbox
    fetch      one poll: choose messages, return them as a document

The document is parsed in a worker process by `adapters.mail`, as those of other feeds are.
"""
