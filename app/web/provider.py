"""The provider of single sign-on: where people are sent, and what is believed of what it says.

OpenID Connect: authorization code with PKCE, state and nonce. A token counts only when it is
signed by a key of the provider, for this site, now, and for the very question that was asked.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import Flask, current_app, url_for
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from app.casework import Refused
from app.casework.people.sign_on import Vouched, token_of
from app.config import Config, SignOn
from app.config.sign_on import safe, secret_in
from app.web.site import desk, now, site

_LOG = logging.getLogger(__name__)
EXTENSION = "sign-on"
#: those that need the provider's own key to sign; never "none", never a shared secret
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: seconds that clocks may differ
_LEEWAY = 60
#: seconds until the provider counts as away
_PATIENCE = 5
_MOST_BYTES = 1_000_000
#: how long what the provider says of itself is believed; keys are asked for again this often
_KNOWN, _AGAIN = timedelta(hours=1), timedelta(minutes=1)
#: the kind of a token that signs somebody out; many providers leave it out, or say JWT
_LOGOUT_TYPE = "logout+jwt"
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"

_START = "Start again from the sign-in page."
_DOUBT = f"What the provider says of you cannot be believed: {{}}. {_START}"
#: claim that is wrong → why, in plain words
_WHY = {
    "iss": "another provider said it", "aud": "it was meant for another site",
    "azp": "it was meant for another site", "nonce": "it answers another question",
    "exp": "its time is over", "nbf": "its time has not begun", "iat": "its time has not begun",
    "sub": "it names nobody", "at_hash": "its parts do not belong together",
}  # fmt: skip


class Away(Refused):
    """The provider of your work account does not answer. Try again in a few minutes."""


@dataclass
class _Kept:
    """What the provider said of itself, and when."""

    said: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    keys: KeySet | None = None
    keys_at: datetime | None = None


class Provider:
    def __init__(self, settings: SignOn, secret: str, site: str) -> None:
        """`site`: the address under which people reach this one."""
        self.settings, self._secret, self._site = settings, secret, site.rstrip("/")
        self._kept = _Kept()

    @property
    def back(self) -> str:
        """Where it sends people back to."""
        return f"{self._site}/sign-on/back"

    def begin(self, state: str, nonce: str, verifier: str, at: datetime) -> str:
        """Where somebody proves who they are. Raises `Away`."""
        endpoint = self._said(at)["authorization_endpoint"]
        address, _ = self._client().create_authorization_url(
            endpoint, state=state, nonce=nonce, code_verifier=verifier
        )
        return str(address)

    def redeem(self, code: str, verifier: str, nonce: str, at: datetime) -> Vouched:
        """Whom the code stands for. Raises `Refused`, `Away`."""
        endpoint = self._said(at)["token_endpoint"]
        try:
            given = self._client().fetch_token(
                endpoint, code=code, code_verifier=verifier, grant_type="authorization_code",
                allow_redirects=False,
            )  # fmt: skip
        except OAuthError as fault:
            _LOG.warning("single sign-on: the provider refused a code (%s)", fault.error)
            raise Refused(
                f"The provider does not take the sign-in: it was used already, or is over. {_START}"
            ) from None
        except (RequestException, ValueError) as fault:
            raise self._away(fault) from None
        token = str(given.get("id_token") or "")
        header, claims = self._opened(token, at)
        params = {"nonce": nonce, "client_id": self.settings.client_id}
        params["access_token"] = given.get("access_token")
        self._valid(header, claims, params, at)
        return self._vouched(claims, token)

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id, self._secret or None, redirect_uri=self.back,
            scope=" ".join(self.settings.scopes), code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            default_timeout=_PATIENCE,
        )  # fmt: skip

    def _said(self, at: datetime) -> Mapping[str, Any]:
        kept = self._kept
        if kept.at is None or not timedelta() <= at - kept.at < _KNOWN:
            issuer = self.settings.issuer
            said = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if said.get("issuer") != issuer or not all(safe(str(said.get(n))) for n in needed):
                raise self._away(ValueError("its description is not that of this provider"))
            self._kept = kept = _Kept(said, at, kept.keys, kept.keys_at)
        return kept.said

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = self._client().get(address, withhold_token=True, allow_redirects=False)
            if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
                raise ValueError(f"answered {answer.status_code}")
            said = answer.json()
        except (RequestException, ValueError) as fault:
            raise self._away(fault) from None
        if not isinstance(said, dict):
            raise self._away(ValueError("answered no object"))
        return said

    def _away(self, fault: Exception) -> Away:
        _LOG.warning("single sign-on: the provider cannot be used (%s)", type(fault).__name__)
        return Away()

    def _keys(self, at: datetime, known: str | None) -> KeySet:
        """The provider's keys; asked for again where this one is not among them."""
        kept = self._kept
        fresh = kept.keys_at is not None and timedelta() <= at - kept.keys_at < _KNOWN
        has = kept.keys is not None and any(key.kid == known for key in kept.keys.keys)
        lately = kept.keys_at is not None and timedelta() <= at - kept.keys_at < _AGAIN
        if kept.keys is None or not fresh or not (has or lately):
            said = self._get(str(self._said(at)["jwks_uri"]))
            try:
                keys = KeySet.import_key_set(said)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as fault:
                raise self._away(fault) from None
            self._kept.keys, self._kept.keys_at = keys, at
        assert self._kept.keys is not None
        return self._kept.keys

    def _opened(self, token: str, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        """(header, claims) of a token that the provider signed. Raises `Refused`."""

        def key(found: Any) -> Any:
            kid = found.headers().get("kid")
            keys = self._keys(at, kid).keys
            for_it = [each for each in keys if each.kid == kid or (kid is None and len(keys) == 1)]
            signs = [each for each in for_it if each.get("use", "sig") == "sig"]
            if not signs or signs[0].key_type not in ("RSA", "EC"):
                raise ValueError("unknown key")
            return signs[0]

        try:
            read = jwt.decode(token, key, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, KeyError, TypeError) as fault:
            _LOG.warning("single sign-on: a token is not signed right (%s)", type(fault).__name__)
            raise Refused(_DOUBT.format("it is not signed with its key")) from None
        return dict(read.header), dict(read.claims)

    def _valid(
        self, header: dict[str, Any], claims: dict[str, Any], params: dict[str, Any], at: datetime
    ) -> None:
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
        }
        try:
            CodeIDToken(claims, header, options, params).validate(int(at.timestamp()), _LEEWAY)
        except (JoseError, ValueError, TypeError) as fault:
            claim = _claim(fault)
            _LOG.warning("single sign-on: a token was refused for its claim (%s)", claim)
            why = _WHY.get(claim, "a part of it is missing or odd")
            raise Refused(_DOUBT.format(why)) from None
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise Refused(_DOUBT.format(_WHY["sub"]))

    def _vouched(self, claims: dict[str, Any], token: str) -> Vouched:
        groups = claims.get(self.settings.claim)
        said = groups if isinstance(groups, list) else [groups] if groups else []
        amr = claims.get("amr")
        seen = set(map(str, amr)) if isinstance(amr, list) else set()
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Vouched(
            issuer=self.settings.issuer,
            subject=claims["sub"],
            name=_text(claims.get("name")),
            user_name=_text(claims.get("preferred_username")),
            email=_text(email) or None,
            groups=tuple(group for group in said if isinstance(group, str)),
            second=bool(seen & set(self.settings.second_factor)),
            sid=_text(claims.get("sid")) or None,
            token=token,
        )

    def leave(self, token: str, after: str, at: datetime) -> str | None:
        """Where to sign out at the provider too; None: it knows no such place."""
        try:
            endpoint = str(self._said(at).get("end_session_endpoint") or "")
        except Away:
            return None
        if not safe(endpoint):
            return None
        given = {"client_id": self.settings.client_id, "post_logout_redirect_uri": after}
        given |= {"id_token_hint": token} if token else {}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(given)}"

    def ended(self, token: str, at: datetime) -> tuple[str | None, str | None, str]:
        """(subject, its session, the name of this message) of somebody whom it signed out.
        Raises `Refused`, `Away`."""
        header, claims = self._opened(token, at)
        claims.setdefault("exp", int(at.timestamp()) + 1)  # a logout token need not have one
        subject, sid = _text(claims.get("sub")) or None, _text(claims.get("sid")) or None
        events = claims.get("events")
        named = isinstance(events, dict) and _LOGOUT in events
        made = claims.get("iat")
        age = at.timestamp() - made if isinstance(made, int | float) else float("inf")
        whole = claims.get("jti") and (subject or sid) and "nonce" not in claims
        kind = str(header.get("typ") or _LOGOUT_TYPE).lower().removeprefix("application/")
        if not named or not whole or age > _LEEWAY * 5 or kind not in (_LOGOUT_TYPE, "jwt"):
            raise Refused(_DOUBT.format("it is no message of a sign-out"))
        self._valid(
            header, claims | {"sub": subject or "-"}, {"client_id": self.settings.client_id}, at
        )
        return subject, sid, str(claims["jti"])


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 255 else ""


def _claim(fault: Exception) -> str:
    """Which claim was wrong."""
    named = getattr(fault, "claim", None)
    return str(named) if named else "exp" if "expired" in type(fault).__name__.lower() else ""


def install(app: Flask, config: Config) -> None:
    if config.sign_on is not None:
        secret = secret_in(config.secrets_dir)
        app.extensions[EXTENSION] = Provider(config.sign_on, secret, config.mail.address)


def provider() -> Provider | None:
    """None where no provider is set."""
    known: Provider | None = current_app.extensions.get(EXTENSION)
    return known


def there(session: str) -> str | None:
    """Where to sign out at the provider too, for a session that began there."""
    origin, known = token_of(desk(), session) if session else None, provider()
    if origin is None or known is None or origin[0] != known.settings.issuer:
        return None
    after = f"{site().config.mail.address.rstrip('/')}{url_for('session.sign_in', signed='out')}"
    return known.leave(origin[1], after, now())
