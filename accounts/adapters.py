"""What allauth asks the house."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an administrator opens accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed, always."""
        return False
