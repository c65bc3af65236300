"""Translate headlines by an endpoint of the operator's choice, for readers only.

    base        the protocol that jobs use
    endpoint    where and how headlines are translated, as values
    translator  LibreTranslate, and servers that speak the chat API of OpenAI

A translation is text from a machine and as untrusted as a headline: it is shown with its mark, and nothing is
ever judged, grouped or routed by it. To add a kind of endpoint, add a member to `EndpointKind` and a row to
`translator.REQUESTS` and `translator.ANSWERS`.
"""
