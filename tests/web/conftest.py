"""A site on a real desk, and `visit`, through which every page proves the rules of all pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from app.casework import accounts
from app.casework.people import passwords
from app.config.installation import Config
from tests.anyshire import PASSWORD, configuration
from tests.kit import Kit
from tests.templates import create_site
from tests.web import weights


@dataclass
class Page:
    """A page as it came."""

    answer: TestResponse

    def __post_init__(self) -> None:
        self.code = self.answer.status_code
        self.text = self.answer.get_data(as_text=True)
        self.tree = html.fromstring(self.text) if self.text.strip() else html.fromstring("<p/>")

    def words(self, path: str = "//main") -> str:
        return " ".join(" ".join(" ".join(one.itertext()) for one in self.tree.xpath(path)).split())

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title") or "")

    @property
    def h1(self) -> str:
        return " ".join("".join(self.tree.xpath("//h1")[0].itertext()).split())

    def says(self, words: str) -> bool:
        return words in " ".join(" ".join(self.tree.itertext()).split())

    def links(self) -> dict[str, str]:
        return {
            " ".join("".join(one.itertext()).split()): one.get("href")
            for one in self.tree.xpath("//a[@href]")
        }

    def form(self, action: str | None = None) -> dict[str, str]:
        """What the form in the page holds, as a browser would send it."""
        for form in self.tree.xpath("//main//form"):
            if action in (None, form.get("action", "")):
                return dict(form.form_values())
        raise AssertionError(f"no form for {action!r}")


def rules(page: Page) -> list[str]:
    """What every page has to be; the sentences that do not hold."""
    tree, wrong = page.tree, []
    if len(tree.xpath("//h1")) != 1:
        wrong.append("there is not exactly one h1")
    if not page.title.endswith(" – Rapid Review"):
        wrong.append(f"the title is {page.title!r}")
    if tree.get("lang") != "en":
        wrong.append("it does not say its language")
    if not tree.xpath("//a[contains(@class, 'govuk-skip-link') and @href='#main-content']"):
        wrong.append("there is no skip link")
    ids = tree.xpath("//@id")
    wrong += [f"the id {one} is there twice" for one in set(ids) if ids.count(one) > 1]
    wrong += _unlabelled(tree, set(ids)) + _unguarded(tree) + _dead_anchors(tree, set(ids))
    policy = page.answer.headers.get("Content-Security-Policy", "")
    script = next((p for p in policy.split("; ") if p.startswith("script-src")), "")
    if script != "script-src 'self'" or "frame-ancestors 'none'" not in policy:
        wrong.append(f"its content policy is {policy!r}")
    if tree.xpath("//script[not(@src)] | //*[@onclick or @onload or @style]"):
        wrong.append("it holds inline script or style")
    wrong += weights.too_heavy(page.text, tree)
    if "None" in " ".join(tree.xpath("//main")[0].itertext()).split():
        wrong.append("it says None")
    return wrong


def _unlabelled(tree: Any, ids: set[str]) -> list[str]:
    labelled = set(tree.xpath("//label/@for"))
    inputs = tree.xpath("//input[not(@type='hidden')] | //select | //textarea")
    return [
        f"{one.get('name')} has no label"
        for one in inputs
        if one.get("id") not in labelled and not one.get("aria-label")
    ] + [f"a label is for {one}, which is not there" for one in labelled - ids]


def _unguarded(tree: Any) -> list[str]:
    return [
        f"the form to {form.get('action')} has no token"
        for form in tree.xpath("//form[@method='post']")
        if not form.xpath(".//input[@name='csrf_token' and @value]")
    ]


def _dead_anchors(tree: Any, ids: set[str]) -> list[str]:
    targets = {href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")}
    return [f"the anchor #{one} leads nowhere" for one in targets - ids if one]


class Browser:
    """One person's browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def visit(self, path: str, code: int = 200, **more: Any) -> Page:
        """GET, following redirects; the page must keep all rules."""
        page = Page(self.client.get(path, follow_redirects=True, **more))
        assert page.code == code, f"{path}: {page.code}\n{page.text[:2000]}"
        assert not rules(page), f"{path}: {rules(page)}"
        return page

    def send(self, path: str, given: Mapping[str, Any], code: int = 200, **more: Any) -> Page:
        """POST, following redirects; an answer that is a page must keep all rules too."""
        page = Page(self.client.post(path, data=given, follow_redirects=True, **more))
        assert page.code == code, f"{path}: {page.code}\n{page.text[:4000]}"
        assert not rules(page), f"{path}: {rules(page)}"
        return page

    def fill(self, path: str, given: Mapping[str, Any], code: int = 200) -> Page:
        """Opens a page, fills its form in and sends it as it stands."""
        form = own_form(self.visit(path))
        return self.send(path, {**form, "_action": "complete", **given}, code)

    def sign_in(self, who: str, password: str = PASSWORD) -> Page:
        form = self.visit("/sign-in").form("/sign-in")
        return self.send("/sign-in", {**form, "name": who, "password": password})


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return configuration(tmp_path)


@pytest.fixture
def app(kit: Kit, config: Config, monkeypatch: pytest.MonkeyPatch) -> Flask:
    # Real hashes, but cheap ones: every test signs somebody in.
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()
    _account(kit, config, "ann")
    made = create_site(kit.desk, config, lambda: kit.at)
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def _account(kit: Kit, config: Config, who: str) -> None:
    (one,) = (p for p in config.people if p.id == who)
    accounts.ensure(
        kit.desk,
        one.id,
        one.name,
        one.roles,
        kit.at,
        attributes=one.attributes,
        email=one.email,
        password=PASSWORD,
    )


@pytest.fixture
def browser_of(app: Flask, kit: Kit, config: Config) -> Callable[[str], Browser]:
    """A browser in which somebody is signed in; the page for it has its own tests."""

    def open_one(who: str) -> Browser:
        if who != "ann":
            _account(kit, config, who)
        browser = Browser(app.test_client())
        signed = accounts.sign_in(kit.desk, who, PASSWORD, kit.at, "127.0.0.1")
        browser.client.set_cookie("session", signed.token)
        return browser

    return open_one


@pytest.fixture
def stranger(app: Flask) -> Iterator[Browser]:
    yield Browser(app.test_client())


@pytest.fixture
def ann(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("ann")


@pytest.fixture
def lea(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("lea")


def own_form(page: Page) -> dict[str, str]:
    """The form that is the page's purpose."""
    (form,) = page.tree.xpath("//form[contains(@class, 'app-form')]")
    return dict(form.form_values())
