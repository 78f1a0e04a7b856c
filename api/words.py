"""The names of states, roles, skills and steps as people read them: English keys of the catalogue."""

from assist.texts import N_

ROLE = {"agent": N_("Agent"), "editor": N_("Script editor"), "lead": N_("Team lead"), "admin": N_("Administrator")}

STATE = {
    "waiting": N_("Details missing"),
    "received": N_("Received"),
    "decoding": N_("Decoding"),
    "transcribing": N_("Transcribing"),
    "judging": N_("Judging"),
    "ready": N_("Ready"),
    "failed": N_("Failed"),
    "cancelled": N_("Cancelled"),
}
PROCESSING = ("received", "decoding", "transcribing", "judging")

SKILL = {
    "opening": N_("Opening"),
    "questioning": N_("Questioning"),
    "rejection_handling": N_("Objection handling"),
    "overall": N_("Overall"),
}
FOCUS = SKILL | {"compliance": N_("Compliance"), "none": N_("Nothing to coach")}

STAGE = {
    "opening": N_("Opening"),
    "discovery": N_("Discovery"),
    "pitch": N_("Pitch"),
    "close": N_("Closing"),
    "ending": N_("Ending"),
}

STEP = {
    "acknowledge": N_("Acknowledge"),
    "clarify": N_("Clarify"),
    "answer": N_("Answer"),
    "advance": N_("Advance"),
}

SPEAKER = {"agent": N_("Agent"), "customer": N_("Customer"), "unknown": N_("Unclear")}

STATUS = {
    "said": N_("Said"),
    "partial": N_("Partly said"),
    "missed": N_("Missed"),
    "uncertain": N_("Could not be judged"),
}
STATUS_GRADE = {"said": "good", "partial": "fair", "missed": "poor", "uncertain": "none"}

OBJECTION_OUTCOME = {
    "resolved": N_("Handled well"),
    "repeated": N_("Customer raised it again"),
    "unanswered": N_("Not answered"),
    "ended": N_("Call ended on it"),
}
OBJECTION_GRADE = {"resolved": "good", "repeated": "fair", "unanswered": "poor", "ended": "poor"}
FORCE = {"brush-off": N_("Brush-off"), "objection": N_("Objection"), "refusal": N_("Clear refusal")}

OUTCOME = {
    "agreed": N_("Agreed"),
    "follow-up": N_("Follow-up arranged"),
    "refused": N_("Refused"),
    "hung-up": N_("Hung up"),
    "no-conversation": N_("No conversation"),
    "unknown": N_("Outcome unclear"),
}
OUTCOME_GRADE = {"agreed": "good", "follow-up": "good", "refused": "none", "hung-up": "fair"}

SEVERITY = {"critical": N_("Critical"), "major": N_("Major"), "minor": N_("Minor")}
SEVERITY_GRADE = {"critical": "poor", "major": "poor", "minor": "fair"}

DIRECTION = {"outbound": N_("Outbound"), "inbound": N_("Inbound")}
QUESTION = {"open": N_("Open question"), "closed": N_("Closed question")}
