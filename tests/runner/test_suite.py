"""What `make test` makes of its arguments."""

from mpp_tracker.runner.suite import pytest_arguments


class TestPytestArguments:
    def test_leaves_browser_tests_out_where_there_is_no_browser(self) -> None:
        assert pytest_arguments(["tests/e2e"], with_browser=False)[-2:] == ["-m", "not browser"]

    def test_keeps_the_choice_of_the_caller_beside_it(self) -> None:
        assert pytest_arguments(["-m", "fault"], with_browser=False)[-1] == "(fault) and not browser"

    def test_keeps_groups_of_tests_on_one_worker(self) -> None:
        assert pytest_arguments([], with_browser=True)[:2] == ["--dist", "loadgroup"]

    def test_leaves_the_number_of_workers_to_the_caller(self) -> None:
        assert "-n" not in pytest_arguments(["-n0"], with_browser=True)
