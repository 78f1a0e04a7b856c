"""Questions that open a talk: about what is weakest, open, and none that accuses. The agent finds it first."""

from collections.abc import Mapping

from assist.texts import N_, translate

_ABOUT: Mapping[tuple[str, str], str] = {
    ("opening", "identity"): N_("When somebody picks up, how do you make sure you have the right person?"),
    ("opening", "introduction"): N_("Listen to the first seconds: when does the customer know who is calling?"),
    ("opening", "purpose"): N_("If you were the customer here, what would you think this call is about?"),
    ("opening", "benefit"): N_("What is in it for this customer, and when do they hear it from you?"),
    ("opening", "permission"): N_("How do you notice at the beginning whether the customer has time?"),
    ("opening", "required"): N_("Which part of the opening comes easily to you, and which do you tend to leave out?"),
    ("opening", "brief"): N_("At which second does the customer first get to speak, and what was it like until then?"),
    ("opening", "fluent"): N_("Where in the opening do the words come hard, and what would make it easier?"),
    ("opening", "courteous"): N_("How would you like to be spoken to in the first ten seconds of such a call?"),
    ("opening", "kept"): N_("What do you think made the customer stop listening here?"),
    ("questioning", "coverage"): N_("What did you want to know about this customer before you made an offer?"),
    ("questioning", "open-share"): N_("How could you ask this so that the customer answers more than yes or no?"),
    ("questioning", "depth"): N_("Which question would have shown you what this customer really needs?"),
    ("questioning", "follow-up"): N_("The customer said something here: what would you have liked to know more about?"),
    ("questioning", "listening"): N_("Who speaks more in this stretch, and what does the customer not get to say?"),
    ("questioning", "no-interrogation"): N_("How do these questions in a row sound to you as the customer?"),
    ("questioning", "one-at-a-time"): N_("Which of these questions did you most want to have answered?"),
    ("rejection_handling", "noticed"): N_("What does the customer say here, and how did you take it at that moment?"),
    ("rejection_handling", "acknowledged"): N_("How does the customer feel here, and how could you show it?"),
    ("rejection_handling", "clarified"): N_("What might be behind this sentence, and how would you find out?"),
    ("rejection_handling", "answered"): N_("What does this customer need to hear to go on listening?"),
    ("rejection_handling", "advanced"): N_("After your answer, what could be the next small step for this customer?"),
    ("rejection_handling", "calm"): N_("What goes on in you when the customer turns you down?"),
    ("rejection_handling", "stopped"): N_("By what do you notice that a customer really does not want to go on?"),
    ("compliance", "forbidden"): N_("How did you come to this promise, and what may we really say there?"),
    ("compliance", "manners"): N_("What had happened just before, and how do you hear yourself here now?"),
    ("compliance", "pushed-on"): N_("By what do you notice that a customer really does not want to go on?"),
}  # fmt: skip
_TRY: Mapping[str, str] = {
    "opening": N_("If you could begin this call again, what would your first two sentences be?"),
    "questioning": N_("If you could ask one more question in this call, which one?"),
    "rejection_handling": N_("If the next customer says the same, what is your first sentence?"),
    "compliance": N_("How do you put it next time so that it holds what it promises?"),
}
_SUPPORT: Mapping[str, str] = {
    "opening": N_("What would help you to begin like this in every call, and how will we notice that it works?"),
    "questioning": N_("In which calls this week will you try it, and how will we notice that it works?"),
    "rejection_handling": N_("What do you need from me to practise this, and how will we notice that it works?"),
    "compliance": N_("Where would you look up what may be said, and what would make that easier?"),
}


def questions(skill: str, criterion: str, language: str) -> tuple[str, ...]:
    """Three: what the agent hears in it, what they would do, what helps them."""
    first = _ABOUT.get((skill, criterion), N_("What do you notice when you listen to this yourself?"))
    return tuple(translate(text, language) for text in (first, _TRY[skill], _SUPPORT[skill]))
