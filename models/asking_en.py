"""Whether an English clause asks, and how."""

import re
from collections.abc import Sequence
from typing import Literal

from models.language import Clause

_WH = re.compile(r"\b(?:what|how|why|which|who|whom|whose|where|when)\b", re.IGNORECASE)
_OPENING_WH = re.compile(
    r"^(?:so |and |but |well |ok(?:ay)? |then |now |um |uh |may i ask |can i ask |could i ask |roughly |about )*"
    r"(?:what|how|why|which|who|where|when)(?:'s|'re)?\b(?! a\b| an\b| about that$)"
    r"(?=.*\b(?:people|many|much|often|long|is|are|was|were|do|does|did|would|could|can|will|have|has"
    r"|should|might)\b|.*'s|.*'re|.* about| come)",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"\b(?:tell me|walk me through|help me understand|talk me through|describe|share with me)\b", re.IGNORECASE
)
_OPENING_AUX = re.compile(
    r"^(?:so |and |but |well |ok(?:ay)? |then |now |um |uh |sorry |hi |hello )*"
    r"(?:is|are|was|were|do|does|did|would|could|can|will|have|has|shall|should|may|am|isn't|aren't|don't|doesn't|won't"
    r"|wouldn't|couldn't|can't|haven't) (?:i|you|we|they|he|she|it|that|this|there|your|the|my|our|mister|mr|mrs|ms)\b",
    re.IGNORECASE,
)
_RHETORICAL = re.compile(
    r"\b(?:who (?:cares|knows|wouldn't|doesn't)|why (?:on earth|bother|not just)|how (?:could|can) (?:you"
    r"|anyone) (?:not|say)"
    r"|what's the (?:point|use)|what more do you want|isn't that (?:great|amazing|obvious|enough)|are "
    r"you (?:kidding|serious)"
    r"|do you (?:really )?think (?:i'm|we're|i am))\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    (
        r"^(?:right|okay|ok|yeah|you know|you see|isn't it|aren't they|doesn't it|don't you think|won't it"
        r"|huh|hello|see|really)$"
    ),
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:would that|does that|is that|sound|work for you|ok with you|all right with you)\b", re.IGNORECASE
)


def kinds(clauses: Sequence[Clause]) -> list[Literal["open", "closed"] | None]:
    """The kind of each clause, None where it asks nothing."""
    return [_kind(clause) for clause in clauses]


def _kind(clause: Clause) -> Literal["open", "closed"] | None:
    text = clause.text.strip()
    if not text or _TAG.match(text) or _RHETORICAL.search(text):
        return None
    asked = clause.mark == "?" and clause.final
    if _OPENING_WH.search(text) or (asked and _WH.search(text) and not _CONSENT.search(text)):
        return "open" if asked or len(text.split()) > 2 else None
    if _OPENING_AUX.search(text):
        return "open" if _INVITATION.search(text) or _asks_inside(text) else "closed"
    if _INVITATION.search(text) and re.match(
        r"(?:please |so |and )*(?:tell|walk|help|talk|describe|share)", text, re.I
    ):
        return "open"
    return "closed" if asked else None


def _asks_inside(text: str) -> bool:
    """Could you tell me what …, do you know how much …: a free answer is wanted."""
    return (
        re.search(
            r"\b(?:know|tell me|say|remember|explain|ask)\b.*\b(?:what|how|why|which|who|where|when)\b", text, re.I
        )
        is not None
    )
