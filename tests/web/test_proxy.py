"""What a proxy in front says: believed of trusted ones alone; names of the site; TLS behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Config, Web
from app.store.chain.log import refusals
from app.web.proxy import TrustedProxies
from tests.anyshire import PASSWORD
from tests.kit import Kit
from tests.web.conftest import Browser, create_site

PROXY, OTHER = "10.0.0.5", "192.0.2.1"


@pytest.fixture
def behind(app: Flask, kit: Kit, config: Config) -> Flask:
    """A site that trusts one network of proxies."""
    web = Web(trusted_proxies=("10.0.0.0/24",))
    return create_site(kit.desk, replace(config, web=web), lambda: kit.at)


def seen(environ: dict[str, Any]) -> tuple[str, str]:
    """Address and scheme that the application gets."""
    told: list[dict[str, Any]] = []

    def app(given: dict[str, Any], _: Any) -> list[bytes]:
        told.append(given)
        return []

    TrustedProxies(app, ["10.0.0.0/24", "2001:db8::/64"])(
        {"wsgi.url_scheme": "http", **environ}, None
    )
    return told[0]["REMOTE_ADDR"], told[0]["wsgi.url_scheme"]


FORWARDED: dict[str, tuple[str, str, str, tuple[str, str]]] = {
    "from the proxy": (PROXY, "203.0.113.7", "https", ("203.0.113.7", "https")),
    "from anybody else": (OTHER, "203.0.113.7", "https", (OTHER, "http")),
    "made up before the proxy": (PROXY, "1.2.3.4, 203.0.113.7", "https", ("203.0.113.7", "https")),
    "two proxies": (PROXY, "203.0.113.7, 10.0.0.9", "https", ("203.0.113.7", "https")),
    "only proxies": (PROXY, "10.0.0.9", "http", ("10.0.0.9", "http")),
    "nonsense": (PROXY, "unknown", "gopher", (PROXY, "http")),
    "nonsense before the proxy": (PROXY, "x, 10.0.0.9", "https", ("10.0.0.9", "https")),
    "nothing": (PROXY, "", "", (PROXY, "http")),
    "two schemes": (PROXY, "203.0.113.7", "http, https", ("203.0.113.7", "https")),
    "IPv6": ("2001:db8::1", "2001:db8:1::7", "https", ("2001:db8:1::7", "https")),
}


@pytest.mark.parametrize(
    ("peer", "forwarded", "scheme", "told"), FORWARDED.values(), ids=FORWARDED.keys()
)
def test_forwarded_headers_are_believed_from_trusted_proxies_alone(
    peer: str, forwarded: str, scheme: str, told: tuple[str, str]
) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded,
               "HTTP_X_FORWARDED_PROTO": scheme}  # fmt: skip
    assert seen(environ) == told


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: Any) -> Any:
    page = Browser(client).visit("/sign-in", **more)
    given = {**page.form("/sign-in"), "name": "ann", "password": password}
    return client.post("/sign-in", data=given, **more)


def from_proxy(client: str) -> dict[str, Any]:
    return {
        "environ_base": {"REMOTE_ADDR": PROXY},
        "headers": {"X-Forwarded-For": client, "X-Forwarded-Proto": "https"},
        "base_url": "http://localhost",
    }


def test_behind_tls_cookies_are_bound_to_it_and_browsers_told_to_keep_to_it(behind: Flask) -> None:
    answer = sign_in(behind.test_client(), **from_proxy("203.0.113.7"))
    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 302 and len(cookies) >= 2
    for cookie in cookies:
        assert cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie
        assert "Path=/" in cookie and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_one_persons_typos_behind_a_proxy_are_counted_for_their_own_address(
    behind: Flask, kit: Kit
) -> None:
    for _ in range(6):
        sign_in(behind.test_client(), "wrong", **from_proxy("203.0.113.7"))
    assert sign_in(behind.test_client(), **from_proxy("203.0.113.7")).status_code == 429
    assert sign_in(behind.test_client(), **from_proxy("203.0.113.8")).status_code == 302


def test_who_forges_the_header_gets_no_new_budget(app: Flask, kit: Kit) -> None:
    codes = []
    for number in range(7):
        forged = {"headers": {"X-Forwarded-For": f"203.0.113.{number}"}}
        codes.append(sign_in(app.test_client(), "wrong", **forged).status_code)
    assert codes[-1] == 429
    with kit.store.reading() as unit:
        assert {row.who for row in refusals.running(unit)} == {"p:ann"}


@pytest.mark.parametrize(
    ("host", "path", "code"),
    [
        ("review.example.org", "/sign-in", 200),
        ("REVIEW.example.org:8443", "/sign-in", 200),
        ("evil.example", "/sign-in", 421),
        ("evil.example", "/api/v1/tasks", 421),
        ("review.example.org.evil.example", "/sign-in", 421),
        ("review.example.org@evil.example", "/sign-in", 421),
        ("127.0.0.1", "/healthz", 200),
    ],
)
def test_the_site_answers_under_its_own_names_alone(
    kit: Kit, config: Config, host: str, path: str, code: int
) -> None:
    web = Web(hosts=("review.example.org",))
    site = create_site(kit.desk, replace(config, web=web), lambda: kit.at)
    site.config["PROPAGATE_EXCEPTIONS"] = False
    answer = site.test_client().get(path, headers={"Host": host})
    assert answer.status_code == code
    assert "evil" not in answer.text and "evil" not in str(answer.headers)
