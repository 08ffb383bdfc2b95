"""A provider of single sign-on for tests: real keys, real HTTP over loopback, whatever faults.

It does what OpenID Connect says, with codes that serve once and PKCE; a test says who signs in and
what is to be wrong with the token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import waitress
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from waitress import wasyncore

CLIENT, SECRET = "rapid-review", "a secret of the client"
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
#: the provider's, somebody else's under the same name, and the provider's after that
KEY, OTHER, NEXT = (
    RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("k1", "k1", "k2")
)
Change = Callable[[dict[str, Any]], object]


class MockProvider:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.key, self.other = KEY, OTHER
        self.issuer = ""
        #: who signs in there now
        self.claims: dict[str, Any] = {"sub": "s-1"}
        #: what is done to the claims of a token before it is signed
        self.change: Change = lambda claims: None
        #: signs claims instead of the provider's key
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.nothing = False
        self.described: dict[str, Any] = {}

    def signed(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1"} | header, claims, key or self.key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "none"}, claims, OctKey.import_key("-"), algorithms=["none"])

    def by_public_key(self, claims: dict[str, Any]) -> str:
        """The attack that takes the public key for a shared secret."""
        parts = [json.dumps(each).encode() for each in ({"alg": "HS256", "kid": "k1"}, claims)]
        said = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        mark = hmac.digest(self.key.as_pem(private=False), said, "sha256")
        return (said + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()

    def token(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
            "sid": "there-1", **self.claims,
        }  # fmt: skip
        self.change(claims)
        return self.sign(claims)

    def logout_token(self, _header: dict[str, Any] | None = None, **changes: Any) -> str:
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": int(self.clock().timestamp()),
            "jti": secrets.token_hex(8), "sub": self.claims["sub"], "events": {_LOGOUT: {}},
        } | changes  # fmt: skip
        told = {name: each for name, each in claims.items() if each is not None}
        return self.signed(told, **(_header or {}))

    def app(self) -> Flask:
        app = Flask("provider")

        @app.before_request
        def silent() -> Any:
            self.asked.append(request.path)
            return ("away", 500) if self.nothing else None

        @app.get("/.well-known/openid-configuration")
        def description() -> Any:
            at = self.issuer
            return jsonify({
                "issuer": at, "authorization_endpoint": f"{at}/auth",
                "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys",
                "end_session_endpoint": f"{at}/leave",
            } | self.described)  # fmt: skip

        @app.get("/keys")
        def keys() -> Any:
            return jsonify({"keys": [self.key.as_dict(private=False)]})

        @app.get("/auth")
        def auth() -> Any:
            given = request.args
            assert given["response_type"] == "code" and given["client_id"] == CLIENT
            assert given["code_challenge_method"] == "S256" and given["nonce"]
            code = secrets.token_urlsafe(8)
            self.codes[code] = {"nonce": given["nonce"], "challenge": given["code_challenge"]}
            back = urlencode({"code": code, "state": given["state"]})
            return redirect(f"{given['redirect_uri']}?{back}")

        @app.post("/token")
        def token() -> Any:
            asked = self.codes.pop(request.form["code"], None)
            mark = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(mark).decode().rstrip("=")
            basic = request.authorization
            known = basic is not None and (basic.username, basic.password) == (CLIENT, SECRET)
            if asked is None or challenge != asked["challenge"] or not known:
                return jsonify({"error": "invalid_grant"}), 400
            return jsonify({
                "access_token": "a", "token_type": "Bearer", "id_token": self.token(asked["nonce"]),
            })  # fmt: skip

        return app


@contextmanager
def running(clock: Callable[[], datetime]) -> Iterator[MockProvider]:
    made = MockProvider(clock)
    sockets: dict[int, Any] = {}
    server = waitress.create_server(made.app(), map=sockets, host="127.0.0.1", port=0, threads=2)
    made.issuer = f"http://127.0.0.1:{server.effective_port}"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        # By its own thread: a connection kept open would keep it waiting for the next request.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(5)
        assert not thread.is_alive(), "the provider has ended"
        server.task_dispatcher.shutdown()
