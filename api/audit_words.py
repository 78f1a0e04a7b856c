"""What the audit writes down, as people read it: English keys of the catalogue."""

from assist.texts import N_

ACTION = {
    "session.start": N_("signed in"),
    "session.refused": N_("sign-in refused: wrong password"),
    "token.issue": N_("issued a token for a machine"),
    "token.revoke": N_("ended a token"),
    "user.add": N_("added a person"),
    "people.add": N_("added a person"),
    "user.disable": N_("closed an account"),
    "user.enable": N_("opened an account again"),
    "people.active": N_("closed or opened an account"),
    "user.password": N_("set a new password"),
    "people.password": N_("set a new password"),
    "call.upload": N_("uploaded a recording"),
    "call.import": N_("imported a folder of recordings"),
    "call.complete": N_("filled in whose call it is"),
    "call.open": N_("opened a call"),
    "call.correct": N_("corrected a transcript"),
    "call.release": N_("released a call to its agent"),
    "call.release-all": N_("released calls to agents"),
    "team.release": N_("changed how calls reach the agents of a team"),
    "call.correct.revert": N_("took a correction back"),
    "call.cancel": N_("stopped work on a call"),
    "call.retry": N_("began a failed call anew"),
    "call.rejudge": N_("had a call judged again"),
    "queue.claim": N_("claimed a call of the queue"),
    "queue.release": N_("gave a call back to the queue"),
    "queue.done": N_("finished a call of the queue"),
    "queue.dismissed": N_("put a call of the queue aside"),
    "library.publish": N_("published a library"),
    "library.withdraw": N_("withdrew a library version"),
    "library.rules": N_("changed who may publish"),
    "rubric.publish": N_("published a rubric"),
    "draft.created": N_("began a draft"),
    "draft.saved": N_("edited a draft"),
    "draft.merged": N_("merged two edits of a draft"),
    "draft.restored": N_("took a draft back to an earlier text"),
    "draft.submitted": N_("handed a draft in for review"),
    "draft.sent-back": N_("sent a draft back"),
    "draft.published": N_("published a draft"),
    "draft.discarded": N_("put a draft aside"),
    "draft.renamed": N_("renamed a draft"),
    "draft.try": N_("tried a draft on past calls"),
    "draft.rebased": N_("took into a draft what was published meanwhile"),
}


def said(action: str) -> str:
    """The words for an action; one that is not known here stays the code it is."""
    return ACTION.get(action, action)
