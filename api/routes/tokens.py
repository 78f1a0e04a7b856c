"""One's own machine tokens. No token makes or ends tokens: that is for the person, signed in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.context import SignedIn, StoreHere
from api.routes.schemas import Schema
from assist.errors import NotFound
from assist.people import tokens

router = APIRouter()


class TokenOut(Schema):
    """`scopes` is `all` or what it is for; `expires_at` null: until somebody ends it."""

    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


class TokenIn(Schema):
    """`expires_at` without a zone is in the site's."""

    name: Annotated[str, Field(max_length=100)]
    scopes: Annotated[list[str], Field(min_length=1, max_length=40)]
    expires_at: datetime | None = None


class TokenMade(Schema):
    """The token is in this answer and nowhere else."""

    token: str


@router.get("/me/tokens")
def list_tokens(store: StoreHere, user: SignedIn) -> list[TokenOut]:
    """The newest first."""
    return [TokenOut.model_validate(one) for one in tokens.listing(store, user)]


@router.post("/me/tokens", status_code=201)
def make_token(store: StoreHere, user: SignedIn, given: TokenIn) -> TokenMade:
    """A token for a machine, for what it needs and no longer than it needs it."""
    at = given.expires_at
    ends = at.replace(tzinfo=at.tzinfo or store.settings.zone) if at else None
    return TokenMade(token=tokens.issue(store, user, given.name.strip(), given.scopes, ends))


@router.delete("/me/tokens/{token_id}", status_code=204)
def revoke_token(store: StoreHere, user: SignedIn, token_id: int) -> None:
    """Ends a token of your own."""
    if not tokens.revoke(store, user, token_id):
        raise NotFound
