"""Takes the README's pictures of the page: the real program, in a real browser, on the article and a PDF of the tests.

python docs/screenshots.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browsing import DESK, PHONE, Opened, add, ask  # noqa: E402 # found by the line above
from playwright.sync_api import sync_playwright  # noqa: E402
from served import served  # noqa: E402

PDF = ROOT / "tests" / "data" / "pdf" / "review.pdf"
PATIENTS = "How many patients fulfilled the criteria?"
CELLS = "What is stem cell transplantation?"


def main() -> None:
    """Write docs/page*.png."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright, served(Path(folder) / "data") as address:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with Opened(browser, address) as opened:
            page = opened(DESK)
            ask(page, "What do molecular vaccines include?")
            turn = ask(page, CELLS)
            turn.locator(".statement .marker").first.click()
            page.wait_for_timeout(1000)
            page.screenshot(path=ROOT / "docs" / "page.png")

            dark = opened(DESK, color_scheme="dark")
            add(dark, PDF)
            turn = ask(dark, PATIENTS)
            turn.locator(".statement .marker").first.click()
            dark.get_by_role("button", name="Page", exact=True).click()
            dark.locator(".sheet .box").first.wait_for()
            dark.wait_for_timeout(1000)
            dark.screenshot(path=ROOT / "docs" / "page-pdf.png")

            declined = opened(DESK)
            turn = ask(declined, "How are vaccines stored?")
            turn.locator(".closest").first.click()
            declined.wait_for_timeout(1000)
            declined.screenshot(path=ROOT / "docs" / "page-declined.png")

            phone = opened(PHONE, device_scale_factor=2)
            turn = ask(phone, "How is immunotherapy classified?")
            turn.scroll_into_view_if_needed()
            phone.wait_for_timeout(1000)
            phone.screenshot(path=ROOT / "docs" / "page-phone.png")
        browser.close()


if __name__ == "__main__":
    main()
