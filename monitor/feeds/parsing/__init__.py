"""Turn the bytes of a document into items, in worker processes.

decode       bytes to text: valid UTF-8 wins over any label                (pure)
clean        text to XML that a parser can be trusted with                 (pure)
delta        a document without the items that are known                   (pure)
parse        choose the adapter for a document                             (pure)
document     all of these: the items that a document adds to the last one  (pure)
plain_text   markup to plain words                                         (pure)
dates        the dates of publishers                                       (pure)
worker          a process that parses
confinement     takes files and network away from a process
template        a process that has imported the parsers and forks workers
wire_format     the binary fields that these send to each other
worker_process  starts a worker, sends it requests and ends it
worker_pool     the pool of these processes, with limits
"""
