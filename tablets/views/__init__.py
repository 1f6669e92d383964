"""Doors of tablets: what the browser's outbox asks, and pages."""
