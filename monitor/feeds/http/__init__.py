"""Fetch documents over HTTP: conditional, bounded and guarded.

fetch      feeds, pages and lists, with their validators
redirects  one guarded GET and its redirects
body       the body of a response, read and inflated within limits
download   a document of any size to a file
inflate    gzip, deflate, br and zstd, never beyond a limit               (pure)
responses  the meaning of a status and of headers                         (pure)
causes     why a request failed, in words                                    (pure)
quirks     what single hosts need
cookies    the cookies of one chain of redirects                          (pure)
guard      which addresses may be reached
authorities  the certificate authorities that connections trust
clients    one client for each kind of request
transport  the HTTP/1.1 client: guarded resolver, no proxy, no cookies, no redirects
http2      the HTTP/2 client under the same guard
get        one GET, sent by the cheapest way that a client offers
received   the head of a response and its body, whichever client received it
streams    the stream of a response, with the errors of both clients translated
"""
