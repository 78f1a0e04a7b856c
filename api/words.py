"""The names of states, roles, skills and steps as people read them: English keys of the catalogue."""

from assist.texts import N_

ROLE = {"agent": N_("Agent"), "editor": N_("Script editor"), "lead": N_("Team lead"), "admin": N_("Administrator")}

WAIT = {
    "pair": N_("wrong passwords from one address"),
    "device": N_("wrong passwords in a browser they use"),
    "code": N_("wrong codes of the second factor"),
    "login": N_("wrong passwords from many addresses"),
    "address": N_("wrong passwords for many names"),
}
"""Why somebody must wait, by kind of count."""

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

RULE = {
    "skill-low": N_("A skill under its bar"),
    "forbidden": N_("Something forbidden was said"),
    "pushed-on": N_("Pushed on after a refusal"),
    "unanswered-objection": N_("An objection passed over"),
    "lost-in-opening": N_("Lost in the opening"),
    "stumbling": N_("Stumbling"),
    "manners": N_("Insults and contempt"),
    "complaint": N_("The customer complains"),
    "outside-hours": N_("Outside the allowed hours"),
    "no-recording-notice": N_("No recording notice"),
    "speakers-uncertain": N_("Speakers uncertain"),
    "excellent": N_("An unusually good call"),
    "repeated-weakness": N_("The same weakness again"),
    "sample": N_("Drawn by lot from ordinary calls"),
}
SEVERITY = {"critical": N_("Critical"), "major": N_("Major"), "minor": N_("Minor")}
SEVERITY_GRADE = {"critical": "poor", "major": "poor", "minor": "fair"}

MASK_NAMES = {
    "outside": N_("Shown on the call's own page only"),
    "always": N_("Masked everywhere"),
    "never": N_("Shown everywhere"),
}
DIRECTION = {"outbound": N_("Outbound"), "inbound": N_("Inbound")}
QUESTION = {"open": N_("Open question"), "closed": N_("Closed question")}

STANDING = {
    "in-force": N_("In force"),
    "scheduled": N_("Scheduled"),
    "retired": N_("Retired"),
    "withdrawn": N_("Withdrawn"),
}
STANDING_GRADE = {"in-force": "good", "scheduled": "accent", "retired": "", "withdrawn": ""}
DRAFT_STATE = {
    "draft": N_("Draft"),
    "in-review": N_("In review"),
    "published": N_("Published"),
    "discarded": N_("Put aside"),
}
DRAFT_GRADE = {"draft": "", "in-review": "fair", "published": "good", "discarded": ""}
ACTION = {
    "created": N_("began the draft"),
    "saved": N_("edited"),
    "merged": N_("edited at the same time as somebody else; both are in"),
    "restored": N_("went back to an earlier text"),
    "submitted": N_("handed it in for review"),
    "sent-back": N_("sent it back"),
    "published": N_("published it"),
    "discarded": N_("put it aside"),
    "renamed": N_("renamed it"),
    "rebased": N_("took in what was published meanwhile"),
}
CHANGE = {
    "added": N_("New"),
    "removed": N_("Removed"),
    "changed": N_("Changed"),
    "moved": N_("Moved"),
    "same": N_("Unchanged"),
}
CHANGE_GRADE = {"added": "good", "removed": "poor", "changed": "accent", "moved": "fair", "same": ""}
FIELD = {
    "campaign": N_("Campaign"),
    "title": N_("Title"),
    "language": N_("Language of the calls"),
    "company": N_("Company names"),
    "terms": N_("Terms"),
    "stage": N_("Stage"),
    "required": N_("Required"),
    "weight": N_("Weight"),
    "say": N_("Wordings"),
    "objection": N_("Name"),
    "heard_as": N_("How customers say it"),
    "not_this": N_("What it is not"),
    "severity": N_("Severity"),
    "phrases": N_("Phrases"),
    "allowed": N_("May be said"),
    "steps": N_("Steps"),
    "script": N_("Stages"),
    "playbook": N_("Objections"),
    "forbidden": N_("Never say"),
} | STEP
CONTENT_LANGUAGE = {"zh": N_("Chinese"), "en": N_("English")}
YES_NO = {"true": N_("Yes"), "false": N_("No")}
PART = {
    "version": N_("By version"),
    "team": N_("By team"),
    "agent": N_("By agent"),
    "week": N_("By week"),
    "day": N_("By day"),
}
TRIED = {"point": N_("Point"), "objection": N_("Objection"), "forbidden": N_("Forbidden"), "flag": N_("Flag")}
RELEASE = {"at-once": N_("At once"), "by-lead": N_("When the lead releases them")}
AGREED = {
    "open": N_("Running"),
    "kept": N_("It worked"),
    "not-kept": N_("No improvement"),
    "unclear": N_("Cannot be told"),
}
AGREED_GRADE = {"open": "accent", "kept": "good", "not-kept": "poor", "unclear": "fair"}
TALK = {
    "planned": N_("Planned"),
    "held": N_("Not signed yet"),
    "signed": N_("Signed by both"),
    "cancelled": N_("Called off"),
}
TALK_GRADE = {"planned": "accent", "held": "fair", "signed": "good", "cancelled": ""}
REMINDER = {
    "returned": N_("Take up again"),
    "planned": N_("Planned talk"),
    "to-sign": N_("Waits for your signature"),
    "ending": N_("Agreement ends soon"),
    "unsigned": N_("Agent has not signed"),
}
REMINDER_GRADE = {"returned": "poor", "planned": "accent", "to-sign": "fair", "ending": "", "unsigned": ""}
AUDIENCE = {
    "newcomer": N_("For newcomers"),
    "experienced": N_("For the experienced"),
    "model": N_("Model to follow"),
}
CASE = {"won": N_("Won"), "lost": N_("Lost"), "neutral": N_("Neither won nor lost")}
CASE_GRADE = {"won": "good", "lost": "poor", "neutral": ""}
SHARED = {"nobody": N_("Not shared"), "team": N_("With the team"), "all": N_("With all teams")}
NOON = {"good": N_("A good call"), "lost": N_("A lost call"), "objection": N_("A typical objection")}
PERIOD = {"day": N_("Day"), "week": N_("Week"), "month": N_("Month")}
PROBLEM = {"point": N_("Point missed"), "objection": N_("Objection not answered"), "criterion": N_("Done badly")}

FINDING = {
    "point": N_("Script point"),
    "objection": N_("Objection"),
    "question": N_("Question"),
    "forbidden": N_("Forbidden"),
    "manners": N_("Manners"),
    "criterion": N_("Criterion"),
    "flag": N_("Flag"),
}
DISPUTE = {
    "open": N_("Disputed"),
    "kept": N_("Finding kept"),
    "changed": N_("Finding changed"),
    "withdrawn": N_("Taken back"),
}
DISPUTE_GRADE = {"open": "fair", "kept": "", "changed": "accent", "withdrawn": ""}
DECISION = {"kept": N_("Kept"), "changed": N_("Changed by a lead")}
DECISION_GRADE = {"kept": "", "changed": "accent"}
HAPPENED = {
    "raised": N_("disputes it"),
    "withdrawn": N_("takes the dispute back"),
    "kept": N_("keeps it as it is"),
    "changed": N_("changes it"),
}
ACCEPTED = N_("Accepted")
NO_LONGER_FITS = N_("No longer fits")
RULING_GONE = N_("is none")
NO_STEP = N_("no step done")
