"""Work that can be left at once, even while one of its steps takes long: a model that is silent, an index that is held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


async def stepwise(work: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """Yield what `work` yields; each of its steps runs in one and the same thread beside.

    Gradio would run a generator's steps in threads too, but waits for the one that runs before it lets go. Left here, the
    work is closed in its own thread as soon as its present step is over, and nobody waits for that.
    """
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stepwise")
    try:
        while (step := await loop.run_in_executor(thread, next, work, None)) is not None:
            yield step
    finally:
        thread.submit(work.close)
        thread.shutdown(wait=False)
