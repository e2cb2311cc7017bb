"""Where batches run: in this process for small sites, spread over worker processes for large ones."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from multiprocessing import forkserver
from queue import LifoQueue
from threading import Lock, Thread
from types import ModuleType
from typing import Protocol

from flows.worker import BatchResult, BatchSpec, Worker, WorkerSpec

CYCLE_THRESHOLD = 200_000  # new objects between two looks; Python's default is 700
SMALL_SITE = 2_000  # objects; below it, starting processes costs more than they save
THREADS = 2  # workers in one process: one transforms while the other loads, a third would only wait


HAS_FORK_SERVER = sys.platform == "linux"  # macOS has one, too, but its own libraries do not survive a fork
PROCESSES = multiprocessing.get_context("forkserver" if HAS_FORK_SERVER else "spawn")
"""How workers begin. A forked child would share the parent's sockets and threads; a fork server has none of them."""

if HAS_FORK_SERVER:
    PROCESSES.set_forkserver_preload(["flows.fork_server", __name__])  # imported once for all workers


class WorkerDiedError(Exception):
    """A worker process ended without a word, as it does when the machine runs out of memory."""


class Execution(Protocol):
    """Runs one batch and waits for it; several threads may ask at once."""

    workers: int

    def run(self, spec: BatchSpec) -> BatchResult:
        """Return what the batch did."""

    def beside(self, work: Callable[[], None]) -> AbstractContextManager[None]:
        """Have work done by the end of the block, by a process that is free or after all else."""


class OwnThread:
    """One worker in a thread of its own, which SQLite's connections do not leave."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="worker")

    def run(self, spec: BatchSpec) -> BatchResult:
        """Return what the batch did."""
        return self._thread.submit(self._worker.run, spec).result()

    def close(self) -> None:
        """Close the worker's connections."""
        with self._thread:
            self._thread.submit(self._worker.close).result()


class InProcess:
    """Workers in this process: while Postgres loads the batch of one, another transforms its own."""

    def __init__(self, spec: WorkerSpec, workers: int) -> None:
        self.workers = workers
        turn = Lock()
        self._threads = [OwnThread(Worker(spec, turn)) for _ in range(workers)]
        self._idle = LifoQueue[OwnThread]()  # who was busy last has its connections open
        for thread in self._threads:
            self._idle.put(thread)

    def run(self, spec: BatchSpec) -> BatchResult:
        """Return what the batch did."""
        thread = self._idle.get()
        try:
            return thread.run(spec)
        finally:
            self._idle.put(thread)

    @contextmanager
    def beside(self, work: Callable[[], None]) -> Iterator[None]:
        """Do work at the end of the block: meanwhile, this process is busy."""
        yield
        work()

    def close(self) -> None:
        """Close the workers' connections."""
        with ExitStack() as closing:
            for thread in self._threads:
                closing.callback(thread.close)


class Processes:
    """Workers in processes of their own, each with its own connections."""

    def __init__(self, spec: WorkerSpec, workers: int) -> None:
        self.workers = workers
        pickled = pickle.dumps(spec)  # once: it holds the site's index, and would be pickled for each process
        self._pool = ProcessPoolExecutor(workers, mp_context=PROCESSES, initializer=_open_worker, initargs=(pickled,))
        with _without_main_module():
            for _ in range(workers):
                # All begin now. A pool starts the others as work comes, and one that starts in the moment in which
                # another is killed is told nothing of it: the run would wait for it for ever.
                self._pool.submit(os.getpid)

    def run(self, spec: BatchSpec) -> BatchResult:
        """Return what the batch did. Raises WorkerDiedError when its process was killed."""
        with _no_death(f"{spec.entity} {spec.keys[0]}-{spec.keys[-1]}"):
            return self._pool.submit(_run_in_worker, spec).result()

    @contextmanager
    def beside(self, work: Callable[[], None]) -> Iterator[None]:
        """Have work done by a process while the block runs. Raises WorkerDiedError when it was killed."""
        with _no_death("the lists of the report"):
            done = self._pool.submit(work)
            yield
            done.result()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Let processes that begin meanwhile do without the module that this one was started with.

    multiprocessing would have each of them import it: the whole command line or, in a flow, all of Prefect.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _no_death(doing: str) -> Iterator[None]:
    """Raise WorkerDiedError when a process of the pool is killed meanwhile."""
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerDiedError(
            f"A worker process died at {doing}, perhaps for want of memory. "
            "Nothing is lost: run the command again, with a smaller batch_size or fewer --workers."
        ) from error


def look_for_cycles_seldom() -> None:
    """Let Python look for cycles seldom: a run makes many values and hardly a cycle, so it is nearly always in vain."""
    gc.set_threshold(CYCLE_THRESHOLD)


def expect_workers() -> None:
    """Let what workers need be imported beside this process, while it still finds out what there is to do."""
    if HAS_FORK_SERVER:
        forkserver.ensure_running()


@contextmanager
def opened(spec: WorkerSpec, *, workers: int, objects: int) -> Iterator[Execution]:
    """Yield the execution that suits the number of objects."""
    few = workers == 1 or objects < SMALL_SITE
    execution = InProcess(spec, min(workers, THREADS)) if few else Processes(spec, workers)
    try:
        yield execution
    finally:
        execution.close()


_worker: Worker


def _open_worker(pickled: bytes) -> None:
    global _worker  # noqa: PLW0603 - one worker per process is what a pool's initializer is for
    gc.freeze()
    gc.enable()
    look_for_cycles_seldom()
    spec: WorkerSpec = pickle.loads(pickled)  # noqa: S301 - of our own making, from the process that began this one
    _worker = Worker(spec)
    Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """End this process when the run is killed: it would wait for ever for its next batch."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_in_worker(spec: BatchSpec) -> BatchResult:
    return _worker.run(spec)
