"""The size of a screen, as pages hear of it."""

from __future__ import annotations

from playwright.sync_api import Page

#: two frames are drawn
_FRAMES = "() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))"


def resize(page: Page, width: int, height: int) -> None:
    """Comes back when the page has heard of it: what a script folds is folded in the next frame."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(_FRAMES)
