"""Sessions in the database, as Django keeps them; the one question that every page asks of them is worked out once."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from core.questions import question


@question
def _lasting(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """What `SESSION_ENGINE` names."""

    def _get_session_from_db(self) -> Session | None:
        for session in _lasting(key=str(self.session_key), now=timezone.now()):
            return session
        self._session_key = None  # as Django does: nobody's own key is taken up
        return None
