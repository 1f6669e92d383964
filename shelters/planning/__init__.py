"""Who sleeps where, for many households at once: a problem in plain numbers, two ways to solve it, and the better one kept.

Nothing here knows the database or the clock (docs/adr/placing.md).
"""
