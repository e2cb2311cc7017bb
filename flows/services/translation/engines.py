"""Every engine by its name on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flows.services.translation.engine import Engine, EngineRefusedError
from flows.services.translation.pseudo import PseudoEngine

ENGINES: Mapping[str, Callable[[], Engine]] = {"pseudo": PseudoEngine}


def open_engine(name: str) -> Engine:
    """Return an engine, its key and address taken from the environment.

    Raises EngineRefusedError for a name that is none, and for an engine whose key or address is not set.
    """
    if name not in ENGINES:
        raise EngineRefusedError(f"There is no engine {name!r}. Engines: {', '.join(sorted(ENGINES))}.")
    return ENGINES[name]()
