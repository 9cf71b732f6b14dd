"""What a person does with the real program in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[test]'")
expect, TimeoutError = playwright.expect, playwright.TimeoutError

SOON = 30_000  # milliseconds: five seconds, Playwright's own, are little on a busy machine
expect.set_options(timeout=SOON)
AGAIN = 3_000  # milliseconds after which a key is pressed again
PATIENCE = 90_000  # milliseconds: loading the model takes its time on a busy machine
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Opened:
    """Opens pages, each in a browser context of its own: another person's. Their scripts may not fail."""

    def __init__(self, browser: Browser, address: str, hosts: set[str] | None = None) -> None:
        self._browser, self._address, self._hosts = browser, address, set() if hosts is None else hosts
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for context in self._contexts:
            context.close()
        if error is None:
            assert not self.errors, self.errors

    def __call__(self, viewport: dict[str, int] = DESK, **options: Any) -> Page:
        context = self._browser.new_context(viewport=viewport, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        self._contexts.append(context)
        return self.another(context)

    def another(self, context: BrowserContext) -> Page:
        """Open the page once more in the same browser."""
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._hosts.add(request.url.split("/")[2]) if request.url[:4] == "http" else None)
        said: list[str] = []
        page.on("pageerror", lambda error: self._hear(str(error), said))
        page.on("console", lambda message: self._hear(message.text, said) if message.type == "error" else None)
        page.goto(self._address)
        return page

    def _hear(self, error: str, said: list[str]) -> None:
        """Keep an error of a page, unless it is what Gradio says of its stream of events when the page is loaded anew or left.

        :param said: The errors of this page so far.
        """
        said.append(error)
        left = "AbortError: BodyStreamBuffer was aborted"
        lost = error.startswith("Unexpected error Connection errored out") and said[-2:-1] and said[-2].startswith(left)
        if not error.startswith(left) and not lost:
            self.errors.append(error)


def begin(page: Page, question: str) -> Locator:
    """Ask by keyboard, and return the turn as soon as it is there."""
    box = page.locator("#question textarea")
    box.fill(question)
    return begin_by(page, lambda: box.press("Enter"))


def begin_by(page: Page, press: Callable[[], None]) -> Locator:
    """Ask by what `press` does, and return the turn as soon as it is there.

    It is done again where nothing comes of it, as a person does: Gradio takes no question until it has told the page
    that the one before is over, which is a moment after its answer is there.
    """
    turn = page.locator(".turn").nth(page.locator(".turn").count())
    for _ in range(SOON // AGAIN):
        press()
        try:
            turn.wait_for(timeout=AGAIN)
            break
        except TimeoutError:
            continue
    expect(turn).to_be_visible()
    return turn


def ask(page: Page, question: str) -> Locator:
    """Ask by keyboard, and return the turn once it is over."""
    turn = begin(page, question)
    expect(turn.locator(".meta, .decline, .failure").last).to_be_visible(timeout=PATIENCE)
    return turn


def add(page: Page, *files: Path) -> Locator:
    """Add files by the button, and return the lines that say what became of them, once all are done."""
    page.locator("#library .files").set_input_files([str(file) for file in files])
    steps = page.locator("#library .step")
    expect(page.locator("#library .step.added, #library .step.refused")).to_have_count(len(files), timeout=PATIENCE)
    return steps


def names(page: Page) -> list[str]:
    """Return the names of the documents in the library."""
    return page.locator("#library .open-document").all_text_contents()


def check_cited(page: Page, marker: Locator) -> None:
    """The marker's quote, and nothing else, is highlighted, and lies inside what is seen of the source."""
    cited = page.locator(".text .is-cited")
    expect(cited.first).to_be_visible()
    assert "".join(cited.all_text_contents()) == marker.get_attribute("data-quote")
    colour = cited.first.evaluate("element => getComputedStyle(element).backgroundColor")
    plain = page.locator(".text .sentence:not(.is-cited):not(.is-noted)").first
    assert colour != plain.evaluate("element => getComputedStyle(element).backgroundColor")
    page.wait_for_timeout(200)
    box, window = cited.first.bounding_box(), page.locator(".source-scroll").bounding_box()
    assert box["x"] >= window["x"] and box["x"] + box["width"] <= window["x"] + window["width"]
    top, bottom = max(window["y"], 0), min(window["y"] + window["height"], page.viewport_size["height"])
    assert top <= box["y"] and box["y"] + box["height"] <= bottom


def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens outside of the browser."""
    end = time.monotonic() + SOON / 1000
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
