"""Addresses and pages of one household."""

from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from cases.models import Household

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
MOST_QUERIES = 10
HEAVIEST = 30_000


def url_of(name: str, household: Household, *more: object) -> str:
    return reverse(f"journey:{name}", args=[household.uid, *more])


def read(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def is_noted(response: object, household: Household) -> bool:
    return response.status_code == 302 and response["Location"] == url_of("household", household)
