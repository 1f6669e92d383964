"""The small supervisor of `make run` and `make test`.

It owns an embedded PostgreSQL and Valkey, the web server, the worker and the beat. It knows nothing of the product:
it starts programs, watches them, starts them again when they die, and stops only what it started.
"""
