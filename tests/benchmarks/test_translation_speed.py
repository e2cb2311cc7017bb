"""How many segments a second come out of bodies and, from the memory, back into them."""

from __future__ import annotations

import time
from collections.abc import Callable

from flows.services.translation.pseudo import PseudoEngine
from transforms.translation.segments import cut

SEGMENTS = 10_000
WANTED_PER_SECOND = 20_000
PARAGRAPH = (
    '<p>In {year} our team of <strong>designers</strong> moved to the old brewery, see <a href="/houses/{at}/">the '
    "story</a> of it: room {name} was painted, the others “wait” – for now.</p>\n"
)


def per_second(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return SEGMENTS / (time.process_time() - started)


def test_segments_from_memory() -> None:
    paragraphs = [PARAGRAPH.format(year=1900 + at % 120, at=at, name=f"{at:x}x") for at in range(SEGMENTS)]
    bodies = ["".join(paragraphs[at : at + 20]) for at in range(0, SEGMENTS, 20)]
    documents = [cut(body) for body in bodies]
    segments = [segment for document in documents for segment in document.segments]
    texts = PseudoEngine().translate([segment.text for segment in segments], "en", "es")
    memory = dict(zip((segment.hash for segment in segments), texts, strict=True))
    assert len(memory) == SEGMENTS

    put_back = max(per_second(lambda: [document.put_back(memory) for document in documents]) for _ in range(3))
    cutting = max(per_second(lambda: [cut(body).segments for body in bodies]) for _ in range(3))
    print(f"{put_back:,.0f} segments/s put back, {cutting:,.0f} segments/s cut")  # noqa: T201 - the point of it
    assert put_back >= WANTED_PER_SECOND
