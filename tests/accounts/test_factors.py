"""Secrets of second factors in the database."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.db import connection

from privacy.rotation import rows_by_key
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def code_now():
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


class TestSecretsOfFactors:
    def test_do_not_stand_in_the_database(self, keyring_file):
        TOTP.activate(UserFactory(), SECRET)
        recovery = RecoveryCodes.activate(UserFactory())
        assert not [text for text in stored() if SECRET in text]
        assert all("sealed:" in text for text in stored())
        assert RecoveryCodes(Authenticator.objects.get(pk=recovery.instance.pk)).validate_code(
            recovery.generate_codes()[0]
        )

    def test_move_to_the_active_key_with_everything_else(self, keyring_file):
        factor = TOTP.activate(UserFactory(), SECRET).instance
        RecoveryCodes.activate(UserFactory())
        run("keyring", "add")
        with pytest.raises(CommandError):
            run("keyring", "retire", "1")
        assert "mfa.Authenticator: 2 rows moved to key 2" in run("reencrypt")
        assert set(rows_by_key()) == {2}
        run("keyring", "retire", "1")
        assert TOTP(Authenticator.objects.get(pk=factor.pk)).validate_code(code_now())
        assert "mfa.Authenticator: 0 rows" in run("reencrypt")

    def test_that_were_written_in_clear_still_count_and_are_sealed_by_the_same(self, keyring_file):
        factor = Authenticator.objects.create(user=UserFactory(), type=Authenticator.Type.TOTP, data={"secret": SECRET})
        assert "mfa.Authenticator: 1 rows" in run("reencrypt")
        assert SECRET not in stored()[0]
        assert TOTP(Authenticator.objects.get(pk=factor.pk)).validate_code(code_now())
