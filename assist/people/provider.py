"""The company's own sign-in: OpenID Connect, authorization code with PKCE. What it answers is believed only when it is
signed by the keys of the issuer that the settings name, made for Assist, for this sign-in and just now."""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from assist.config import Settings
from assist.errors import AccessDenied, SetupError
from assist.texts import N_

SECONDS = 10
LEEWAY_SECONDS = 60
_KEPT_SECONDS = 600
_MOST_BYTES = 1 << 20
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that Assist does not hold; `none` and shared secrets are not among them."""

_HERE = ("localhost", "127.0.0.1", "::1")


class ProviderFails(SetupError):
    message = N_(
        "The company's sign-in at %(issuer)s fails: %(reason)s. Sign in with your password, or ask your administrator."
    )


class ProviderRefused(AccessDenied):
    message = N_("The company's sign-in was not accepted (%(reason)s). Begin again.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one sign-in was begun with; the answer has to fit it. `fresh` wants the person to show who they are anew."""

    state: str
    nonce: str
    verifier: str
    redirect: str
    fresh: bool = False


def address(settings: Settings, asked: Asked) -> str:
    """Where the browser goes. Raises ProviderFails."""
    more = {"prompt": "login", "max_age": "0"} if asked.fresh else {}
    with _client(settings, asked) as client:
        found, _ = client.create_authorization_url(
            metadata(settings)["authorization_endpoint"],
            state=asked.state,
            code_verifier=asked.verifier,
            nonce=asked.nonce,
            **more,
        )
    return str(found)


def claims(settings: Settings, asked: Asked, code: str, issuer: str | None) -> dict[str, Any]:
    """Who came back with `code`, as the issuer says. Raises ProviderRefused, ProviderFails."""
    if issuer is not None and issuer != settings.oidc_issuer:
        raise ProviderRefused(reason="iss")
    token = _token(settings, asked, code)
    try:
        return _checked(settings, asked, token)
    except JoseError as error:
        raise ProviderRefused(reason=getattr(error, "claim", None) or error.error) from error
    except (ValueError, TypeError) as error:
        raise ProviderRefused(reason="id_token") from error


def metadata(settings: Settings) -> dict[str, Any]:
    """What the issuer says about itself. Raises ProviderFails."""
    issuer = settings.oidc_issuer
    found = _kept(settings, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise ProviderFails(issuer=issuer, reason="issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _require_safe(settings, str(found.get(name, "")))
    return found


def _token(settings: Settings, asked: Asked, code: str) -> dict[str, Any]:
    try:
        with _client(settings, asked) as client:
            found = client.fetch_token(
                metadata(settings)["token_endpoint"],
                code=code,
                code_verifier=asked.verifier,
                grant_type="authorization_code",
            )
    except AuthlibBaseError as error:
        raise ProviderRefused(reason=error.error) from error
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderFails(issuer=settings.oidc_issuer, reason=type(error).__name__) from error
    if not isinstance(found.get("id_token"), str):
        raise ProviderRefused(reason="id_token")
    return dict(found)


def _checked(settings: Settings, asked: Asked, token: dict[str, Any]) -> dict[str, Any]:
    """Signature, issuer, audience, times, nonce and, where it was asked for, how fresh. Raises JoseError."""
    try:
        read = _read(settings, token["id_token"], _keys(settings))
    except InvalidKeyIdError:
        read = _read(settings, token["id_token"], _keys(settings, anew=True))
    wanted = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    given = {"nonce": asked.nonce, "client_id": settings.oidc_client_id, "access_token": token.get("access_token")}
    found = CodeIDToken(read.claims, read.header, wanted, given)
    found.validate(leeway=LEEWAY_SECONDS)
    if not isinstance(found["sub"], str) or not found["sub"]:
        raise ProviderRefused(reason="sub")
    if asked.fresh and float(found.get("auth_time") or 0) < time.time() - 2 * LEEWAY_SECONDS:
        raise ProviderRefused(reason="auth_time")
    return dict(found)


def _read(settings: Settings, text: str, keys: KeySet) -> jwt.Token:
    offered = metadata(settings).get("id_token_signing_alg_values_supported") or ["RS256"]
    allowed = [name for name in _ALGORITHMS if name in offered]
    return jwt.decode(text, keys, registry=JWSRegistry(algorithms=allowed, strict_check_header=False))


def _keys(settings: Settings, *, anew: bool = False) -> KeySet:
    return KeySet.import_key_set(_kept(settings, metadata(settings)["jwks_uri"], anew=anew))  # type: ignore[arg-type]


def _client(settings: Settings, asked: Asked) -> OAuth2Client:
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    ways = metadata(settings).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
    return OAuth2Client(
        settings.oidc_client_id,
        secret,
        token_endpoint_auth_method=way if secret else "none",
        scope=settings.oidc_scopes,
        redirect_uri=asked.redirect,
        code_challenge_method="S256",
        timeout=SECONDS,
        follow_redirects=False,
    )


_answers: dict[str, tuple[float, dict[str, Any]]] = {}
_answers_lock = threading.Lock()


def _kept(settings: Settings, at: str, *, anew: bool = False) -> dict[str, Any]:
    """A JSON document of the issuer, asked for at most once in ten minutes; `anew` at most once a minute."""
    with _answers_lock:
        known = _answers.get(at)
    if known and time.monotonic() - known[0] < (60 if anew else _KEPT_SECONDS):
        return known[1]
    found = _fetched(settings, at)
    with _answers_lock:
        _answers[at] = (time.monotonic(), found)
    return found


def _fetched(settings: Settings, at: str) -> dict[str, Any]:
    _require_safe(settings, at)
    try:
        with httpx2.Client(timeout=SECONDS, follow_redirects=False) as client, client.stream("GET", at) as answer:
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    raise ValueError("too long")
        found = json.loads(body)
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderFails(issuer=settings.oidc_issuer, reason=type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderFails(issuer=settings.oidc_issuer, reason="JSON")
    return found


def _require_safe(settings: Settings, at: str) -> None:
    """Over https, or on this machine. Raises ProviderFails."""
    parts = urlsplit(at)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise ProviderFails(issuer=settings.oidc_issuer, reason="https")
