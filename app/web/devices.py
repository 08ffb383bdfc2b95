"""A browser in plain words, from what it says of itself: enough to know one's own by.

The version and all else that could follow somebody about is left out.
"""

from __future__ import annotations

#: what stands in the header → what people call it; the first that stands there
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def in_words(header: str) -> str:
    """“Firefox on Windows”."""
    browser = next((words for sign, words in _BROWSERS if sign in header), "A browser")
    system = next((words for sign, words in _SYSTEMS if sign in header), "")
    return f"{browser} on {system}" if system else browser
