"""What is tried again, and what is told at once."""

from __future__ import annotations

import pytest

from cms_models.errors import SiteBusyError, TargetFullError, TargetRefusedError, TargetUnavailableError
from flows import retries
from flows.retries import is_retryable, through_outages, with_retries
from wp_models.errors import SourceRefusedError, SourceUnavailableError


@pytest.mark.parametrize("error", [SourceUnavailableError(), TargetUnavailableError()])
def test_an_outage_is_worth_another_try(error: Exception) -> None:
    assert is_retryable(error)


@pytest.mark.parametrize(
    "error", [SourceRefusedError(), TargetRefusedError(), TargetFullError(), SiteBusyError(), ValueError(), None]
)
def test_a_refusal_a_full_disk_another_run_and_a_bug_are_not(error: Exception | None) -> None:
    assert not is_retryable(error)


def test_a_batch_is_tried_again_until_it_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    left = [SourceUnavailableError("away"), TargetUnavailableError("away")]

    def work() -> str:
        if left:
            raise left.pop()
        return "done"

    assert with_retries(work) == "done"


def test_a_run_is_given_up_when_the_outage_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "OUTAGE_S", 0)
    begun = []

    def run() -> None:
        begun.append(1)
        raise TargetUnavailableError("away")

    with pytest.raises(TargetUnavailableError, match="away"):
        through_outages(run)
    assert len(begun) == 1
