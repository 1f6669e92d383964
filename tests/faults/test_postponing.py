"""The worker is killed while it moves many hearings: all of them move once, or none until another worker takes it up."""

import psycopg2
import pytest

from tests.faults.conftest import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
FAMILIES = 30


def asked(product, *command):
    """What a step of `postponing` prints."""
    asking = product.run("-m", "tests.faults.postponing", *command)
    said, complaint = asking.communicate(timeout=120)
    assert asking.returncode == 0, complaint
    return said.strip()


class Stuck:
    """A lock on the lines of postponements: whoever has written the hearings waits here until it is let go."""

    def __init__(self, product):
        self.connection = psycopg2.connect(product.servers.cluster.url, connect_timeout=5)
        with self.connection.cursor() as cursor:
            cursor.execute("LOCK TABLE hearings_postponementline IN SHARE MODE")

    def let_go(self):
        self.connection.rollback()
        self.connection.close()


def is_in_the_middle(product):
    return bool(
        product.rows(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE \"hearings_postponementline\"%%'"
        )
    )


def state_of(product, key):
    return product.rows("SELECT state FROM hearings_postponement WHERE id = %s", key)[0][0]


def versions(product, key):
    return product.rows(
        "SELECT hearing.version, count(*) FROM hearings_hearing hearing JOIN hearings_postponementline line "
        "ON line.hearing_id = hearing.id WHERE line.postponement_id = %s GROUP BY 1",
        key,
    )


class TestTheWorkerIsKilledWhileItPostpones:
    def killed_in(self, whole, deed, key):
        """Ask for `deed`, kill the worker once it has written the hearings, and wait until another has done it."""
        stuck = Stuck(whole)
        asked(whole, deed, key)
        wait_for(lambda: is_in_the_middle(whole), "the hearings to be written")
        before = whole.pid_of("worker")
        whole.kill("worker")
        wait_for(lambda: whole.pid_of("worker") != before, "the worker to be started again")
        stuck.let_go()
        goal = {"apply": "applied", "undo": "undone"}[deed]
        wait_for(lambda: state_of(whole, key) == goal, f"the postponement to be {goal}")

    def test_moves_each_hearing_once_and_back_once(self, whole):
        key = asked(whole, "make", str(FAMILIES))
        self.killed_in(whole, "apply", key)
        assert versions(whole, key) == [(2, FAMILIES)]
        assert whole.rows(
            "SELECT count(*), count(DISTINCT hearing_id) FROM hearings_claim WHERE postponement_id = %s", key
        ) == [(2 * FAMILIES, FAMILIES)]
        changed = (
            "SELECT count(*), count(DISTINCT subject_id), bool_and(dispatched_at IS NOT NULL) FROM audit_event "
            "WHERE type = 'hearing.changed' AND facts->>'postponement' = %s"
        )
        wait_for(lambda: whole.rows(changed, key)[0][2], "the changes to be heard")
        assert whole.rows(changed, key) == [(FAMILIES, FAMILIES, True)]
        early = whole.rows(
            "SELECT count(*) FROM messaging_message message JOIN hearings_hearing hearing "
            "ON message.plan_key LIKE 'hearing:' || hearing.uid || ':2:%%' JOIN hearings_postponementline line "
            "ON line.hearing_id = hearing.id AND line.postponement_id = %s WHERE message.due_at < hearing.held_until",
            key,
        )
        assert early == [(0,)]
        self.killed_in(whole, "undo", key)
        assert versions(whole, key) == [(3, FAMILIES)]
        assert whole.rows(
            "SELECT count(*) FROM hearings_claim WHERE postponement_id = %s AND retracted_at IS NULL", key
        ) == [(0,)]
