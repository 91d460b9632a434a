"""The registry on your desk.

A separate process that answers as the registry would, over mutual TLS: a state
machine in SQLite, refusals, asynchronous acceptance, faults on demand. It shares the
contract profile's files with the client, and no code: a fault of one cannot hide in
the other.
"""
