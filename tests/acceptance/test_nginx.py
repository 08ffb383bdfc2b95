"""The site behind a real nginx, as docs/operations/nginx.conf has it.

Only paths, ports and the name of the site are put in; the certificate is made here. Who asks comes
from another address than nginx, so that each can be told from the other.
"""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.store.chain.log import refusals
from app.web.arriving import ANSWER_BYTES
from tests.acceptance.site import PASSWORD, ROOT, Answer, Caller, Site, enter, free_port
from tests.kit import diagram, form
from tests.limits import until
from tests.mail_server import certificate

NAME = "review.example.org"
CLIENT = "127.0.0.2"
FILES = {
    **diagram("start > task:check > end", start_groups="clerk", check={"groups": "clerk"}),
    **form("tick", "note", required=False),
}
MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None, reason="nginx is not installed, and .ci/system could not do it"
)


@dataclass
class Outside(Caller):
    """Somebody on the network; `name`: of the site, as their browser has it."""

    trusts: ssl.SSLContext | None = None
    name: str = NAME
    #: what they name in the request, where that is something else
    host: str = ""

    def connected(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=self.seconds, source_address=(CLIENT, 0)
        )
        if self.trusts is not None:
            connection.connect()
            connection.sock = self.trusts.wrap_socket(connection.sock, server_hostname=self.name)
        return connection

    def ask(self, method: str, path: str, given: object = None, headers: object = None) -> Answer:
        more = dict(headers) if isinstance(headers, dict) else {}
        return super().ask(method, path, given, {"Host": self.host or self.name, **more})


@dataclass
class Front:
    """nginx before what listens on a port of this machine, or does not."""

    folder: Path
    serve: int
    trusts: ssl.SSLContext
    secure: int = field(default_factory=free_port)
    plain: int = field(default_factory=free_port)

    def caller(self, **more: object) -> Outside:
        return Outside(self.secure, trusts=self.trusts, **more)  # type: ignore[arg-type]

    def said(self) -> str:
        """All that nginx wrote anywhere."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


def put_in(front: Front) -> str:
    """The shipped file with this machine's paths and ports."""
    text = (ROOT / "docs" / "operations" / "nginx.conf").read_text()
    places = {
        "/etc/rapid-review/tls/fullchain.pem": front.folder / "mail.pem",
        "/etc/rapid-review/tls/private.pem": front.folder / "mail.key",
        "/var/log/nginx/": f"{front.folder}/",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{front.serve};",
        "listen 443 ": f"listen 127.0.0.1:{front.secure} ",
        "listen 80": f"listen 127.0.0.1:{front.plain}",
    }
    for shipped, own in places.items():
        assert shipped in text, shipped
        text = text.replace(shipped, str(own))
    temporary = "".join(
        f"{kind}_temp_path {front.folder}/temp-{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; master_process off; pid {front.folder}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{\n{temporary}{text}}}\n"
    )


@contextmanager
def before(folder: Path, serve: int) -> Iterator[Front]:
    folder.mkdir()
    _, trusts = certificate(folder, NAME)
    front = Front(folder, serve, trusts)
    written = folder / "nginx.conf"
    written.write_text(put_in(front))
    words = ["nginx", "-p", str(folder), "-c", str(written), "-e", "stderr"]
    with (folder / "itself.log").open("wb") as said:
        nginx = subprocess.Popen(words, stdout=said, stderr=said)
    try:
        until(lambda: listened(front.secure) or nginx.poll() is not None)
        assert nginx.poll() is None, front.said()
        yield front
    finally:
        nginx.terminate()
        nginx.wait()


def listened(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    web = {"trusted_proxies": ["127.0.0.1"], "hosts": [NAME]}
    mail = {"sender": "noreply@example.org", "address": f"https://{NAME}"}
    made = Site(tmp_path_factory.mktemp("site"), FILES, changes={"web": web, "mail": mail})
    assert made.installed().returncode == 0
    enter(made.desk(), "ann")
    made.start("serve")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def front(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with before(tmp_path_factory.mktemp("nginx") / "front", site.running[0].port or 0) as made:
        yield made


@pytest.fixture(scope="module")
def ann(front: Front) -> Outside:
    """Signed in by the page, as a browser does it."""
    browser = front.caller()
    token = browser.csrf("/sign-in")
    given = {"name": "ann", "password": PASSWORD, "csrf_token": token}
    answer = browser.post("/sign-in", given, Origin=f"https://{NAME}", Sec_Fetch_Site="same-origin")
    assert answer.code == 302, answer.words
    where = answer.headers["Location"]
    assert where.startswith(("/", f"https://{NAME}/")), where
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies and all(each.startswith("__Host-") and "Secure" in each for each in cookies)
    return browser


def test_one_signs_in_through_it_and_cookies_are_bound_to_https(front: Front, ann: Outside) -> None:
    page = ann.get("/tasks")
    assert page.code == 200 and "__Host-session" in ann.cookies
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "nginx/" not in page.headers["Server"]
    given = ann.form("/start/p") | {"_action": "complete"}
    case = ann.post("/start/p", given, Origin=f"https://{NAME}")
    assert case.code == 302 and "/cases/" in case.headers["Location"], case.words


def test_plain_http_is_led_to_https_under_the_same_address(front: Front) -> None:
    answer = Outside(front.plain).get("/sign-in?next=/tasks")
    assert answer.code == 301
    assert answer.headers["Location"] == f"https://{NAME}/sign-in?next=/tasks"


def test_who_is_not_signed_in_is_led_on_under_https_and_the_sites_name(front: Front) -> None:
    where = front.caller().get("/cases/T-1").headers["Location"]
    assert re.match(rf"(https://{NAME})?/sign-in\?next=", where), where


@pytest.mark.parametrize("port", ["secure", "plain"])
def test_another_name_is_no_site_of_ours(front: Front, port: str) -> None:
    trusts = front.trusts if port == "secure" else None
    answer = Outside(getattr(front, port), trusts=trusts, host="evil.example").get("/sign-in")
    assert answer.code == 421 and "evil" not in answer.text


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_of_tls_are_refused(front: Front, version: ssl.TLSVersion) -> None:
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = version
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        Outside(front.secure, trusts=old).get("/sign-in")


def test_the_largest_form_passes_and_what_is_larger_is_refused_with_a_page(
    front: Front, ann: Outside
) -> None:
    """What passes nginx the product reads: it says that the form has no token, or is too large."""
    limit = 26 * MEGABYTE
    assert limit > ANSWER_BYTES
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}
    for size, code, by_product in (
        (ANSWER_BYTES, 400, True), (limit, 413, True), (limit + 1, 413, False)
    ):  # fmt: skip
        answer = ann.ask("POST", "/start/p", b"note=".ljust(size, b"x"), kind)
        assert (answer.code, "X-Request-Id" in answer.headers) == (code, by_product), size
        assert len(answer.tree.xpath("//h1")) == 1
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.tree.xpath("//h1/text()") == ["This is too large"]


def test_a_form_with_a_film_passes_and_the_product_says_what_is_too_large(
    front: Front, ann: Outside
) -> None:
    """Only what is larger than anybody can mean nginx refuses, with a page of its own."""
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Origin": f"https://{NAME}"}
    film = b'--x\r\nContent-Disposition: form-data; name="_file.a"; filename="a"\r\n\r\n'
    for size, code, by_product in ((60 * MEGABYTE, 400, True), (201 * MEGABYTE + 1, 413, False)):
        sent = (film + bytes(size)) + b"\r\n--x--\r\n"
        answer = ann.ask("POST", "/cases/T-1/tasks/1-1", sent, kind)
        assert (answer.code, "X-Request-Id" in answer.headers) == (code, by_product), size


def test_figures_are_not_read_from_outside(site: Site, front: Front, ann: Outside) -> None:
    for path in ("/metrics", "//metrics", "/static/../metrics", "/%6detrics"):
        answer = ann.get(path)
        assert answer.code == 404 and "X-Request-Id" not in answer.headers, path
    assert Caller(site.running[0].port or 0).get("/metrics").code == 200


SECRETS = {
    "/guest-link/{}": "A" * 43,
    "/set-password/{}": "B" * 43,
    "/calendar/{}.ics": "D" * 43,
    "/sign-on/link/{}": "C" * 43,
    "/cases/{}": "T-2026-0042",
    "/cases?q={}": "Smith",
}


def test_the_log_has_who_asked_and_no_secret_and_no_address_of_a_case(
    site: Site, front: Front, ann: Outside
) -> None:
    for path, secret in SECRETS.items():
        answer = ann.get(path.format(secret))
        assert answer.code < 500
        Outside(front.plain).get(path.format(secret))
    asked = answer.headers["X-Request-Id"]
    until(lambda: asked in front.said(), front.said)
    said = front.said()
    assert not [secret for secret in SECRETS.values() if secret in said]
    assert re.search(rf"^{re.escape(CLIENT)} \[\S+\] GET /guest-link \d+ ", said, re.MULTILINE)
    assert asked in site.running[0].said(), "one id in both logs"


def test_the_product_counts_for_whom_nginx_asks_whatever_they_say_of_themselves(
    site: Site, front: Front
) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    front.caller().ask("GET", "/set-password/" + "D" * 43, headers=forged)
    with site.desk().store.reading() as unit:
        counted = {row.who for row in refusals.running(unit)}
    assert f"a:{CLIENT}" in counted and not any("203.0.113" in who for who in counted)


def test_while_nothing_answers_behind_it_people_get_a_page_and_no_log_a_secret(
    tmp_path: Path,
) -> None:
    with before(tmp_path / "front", free_port()) as front:
        for path, secret in SECRETS.items():
            answer = front.caller().get(path.format(secret))
            assert answer.code == 503 and answer.headers["Retry-After"] == "30"
            assert answer.tree.xpath("//h1/text()") == ["The service is not available"]
        said = front.said()
    assert not [secret for secret in SECRETS.values() if secret in said]
