"""People, for administrators, and who one is."""

from fastapi import APIRouter

from api.context import SignedIn, StoreHere
from api.routes.schemas import PersonIn, PersonOut
from assist.people import access, audit, users

router = APIRouter()


@router.get("/me")
def get_me(user: SignedIn) -> PersonOut:
    """Whose token or session this is."""
    return PersonOut.model_validate(user)


@router.get("/people")
def list_people(store: StoreHere, user: SignedIn) -> list[PersonOut]:
    access.require(user, "people.manage")
    return [PersonOut.model_validate(person) for person in users.listing(store)]


@router.post("/people", status_code=201)
def add_person(store: StoreHere, user: SignedIn, given: PersonIn) -> PersonOut:
    access.require(user, "people.manage")
    made = users.create(
        store,
        given.login,
        given.name,
        given.role,
        given.password,
        team=given.team,
        joined_on=given.joined_on,
        must_change=True,
    )
    audit.record(store, user, "people.add", f"user:{made.id}", login=made.login, role=made.role)
    return PersonOut.model_validate(made)
