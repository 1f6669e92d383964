"""Wiring of MPP Tracker: settings, addresses, Celery, the local runner."""

from mpp_tracker.celery import app as celery_app

__all__ = ["celery_app"]
