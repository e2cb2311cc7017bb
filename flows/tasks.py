"""Prefect's shell around the work: retries and names, no logic."""

from __future__ import annotations

from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff

from flows.execution import Execution
from flows.retries import RETRIES, is_retryable
from flows.worker import BatchResult, BatchSpec


def _is_worth_retrying(_task: Any, _run: Any, state: Any) -> bool:
    return is_retryable(state.result(raise_on_failure=False))


@task(
    name="batch",
    task_run_name="{spec.entity} {spec.keys[0]}",
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_worth_retrying,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def run_batch(execution: Execution, spec: BatchSpec) -> BatchResult:
    """Read, transform and load one batch."""
    return execution.run(spec)
