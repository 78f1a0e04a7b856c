"""Criteria of the opening. Each function gives a value 0–1 (None: no occasion), the reason, and the turns."""

import re
from functools import lru_cache
from itertools import islice

from assist.analysis.criteria import Verdict
from assist.analysis.findings import PointFinding
from assist.analysis.floor import span_seconds
from assist.analysis.scene import Scene
from assist.analysis.stumbles import STUMBLING, weight
from assist.texts import N_
from models import language, sound

LATE = 0.4
"""What something is worth that belongs to the opening and comes after it."""
PARTLY = 0.5
SOUNDS_LIKE, SOUNDS_SAME = 0.3, 0.1
"""Distance of sounds up to which a name of three or more, or of two syllables is taken for said."""
LITTLE, ADDED_UP = 1.0, 2.0
"""A single sign of stumbling, and what all signs of an opening add up to when it was stammered."""

_BENEFIT = {
    "zh": re.compile(
        r"免费|不收费|不花钱|不要钱|优惠|省|赠|送|返|礼|福利|提速|升级|提高|更[快好省稳]|帮您|让您|给您|为您"
        r"|解决|方便您|专门"
    ),
    "en": re.compile(
        r"\b(?:free|save|saving|discount|faster|better|help you|for you|benefit|offer|improve|upgrade)\w*", re.I
    ),
}
_PERMISSION = {
    "zh": re.compile(
        r"方便|耽误|占用?您|[一两三几][分刻]钟|有空|得空|空不|忙不|能聊|可以聊|听两句|说两句|聊两句|长话短说"
        r"|碍您"
    ),
    "en": re.compile(
        r"\b(?:good time|bad time|a (?:moment|minute|second)|\w+ minutes|convenient|may i|catch you)\b", re.I
    ),
}
_RUDE = {
    "zh": re.compile(r"(?<![我迷])你(?!好|们)|赶紧|快点|必须|听不懂"),
    "en": re.compile(r"\b(?:listen up|hurry up|you have to)\b", re.I),
}


def identity(scene: Scene) -> Verdict:
    return _asked_for(
        scene,
        "identity",
        none=N_("The script asks for no confirmation of identity."),
        said=N_("Confirmed in the opening whom you are speaking to."),
        late=N_("Confirmed whom you are speaking to only after the opening."),
        partial=N_("Addressed the customer without making sure that it is the right person."),
        missed=N_("Did not confirm whom you are speaking to."),
    )


def introduction(scene: Scene) -> Verdict:
    """Company and name, within `early_s` of speech."""
    found = _best(scene, "introduction")
    if found is None:
        return Verdict(None, scene.say(N_("The script asks for no introduction.")))
    named = _company_named(scene)
    if named and found.status == "missed":
        return Verdict(PARTLY, scene.say(N_("Company or name was missing or unclear.")), named)
    if named and found.status == "said" and found.evidence and not scene.in_opening(found.evidence.turn):
        return Verdict(1.0, scene.say(N_("Said company and name early.")), named)
    verdict = _timed(
        scene,
        found,
        said=N_("Said company and name early."),
        late=N_("Said company and name only after the opening."),
        partial=N_("Company or name was missing or unclear."),
        missed=N_("Never said company and name."),
    )
    if verdict.value == 1 and found.evidence and scene.floor.elapsed(found.evidence.turn) > _early(scene):
        return Verdict(0.7, scene.say(N_("Said company and name, but late in the opening.")), verdict.evidence)
    return verdict


def purpose(scene: Scene) -> Verdict:
    return _asked_for(
        scene,
        "purpose",
        none=N_("The script asks for no purpose of the call."),
        said=N_("Said clearly in the opening what the call is about."),
        late=N_("Said what the call is about only after the opening."),
        partial=N_("What the call is about stayed vague."),
        missed=N_("Never said what the call is about."),
    )


def required(scene: Scene) -> Verdict:
    """The opening points that are none of the above, such as the recording notice."""
    ids = [name for name in scene.roles.get("other", ()) + scene.roles.get("notice", ()) if scene.script[name].required]
    known = [found for found in map(scene.found, ids) if found and found.status != "uncertain"]
    if not known:
        return Verdict(None, scene.say(N_("The script has no other opening points.")))
    value = sum(_timed_value(scene, found) for found in known) / len(known)
    missing = [scene.script[found.id].title for found in known if found.status == "missed"]
    turns = tuple(found.evidence.turn for found in known if found.evidence)
    if not missing:
        why = N_("Said the other points of the opening.") if value > LATE else N_("Said the other points too late.")
        return Verdict(value, scene.say(why), turns)
    return Verdict(value, scene.say(N_("Missing in the opening: %(points)s."), points="、".join(missing)), turns)


def benefit(scene: Scene) -> Verdict:
    """Something in it for the customer: a benefit named within the opening."""
    words = _BENEFIT[language.known(scene.floor.language)]
    turns = [turn for turn in scene.opening if turn.speaker == "agent" and words.search(turn.text)]
    if turns:
        return Verdict(1.0, scene.say(N_("Named a benefit for the customer.")), (turns[0].id,))
    return Verdict(0.0, scene.say(N_("Gave the customer no reason to listen on.")))


def permission(scene: Scene) -> Verdict:
    """Asked whether it suits, or respected that it does not; passing over an early objection is the opposite."""
    if scene.passed_over:
        why = scene.say(N_("Went on although the customer had objected right at the beginning."))
        return Verdict(0.0, why, scene.passed_over)
    found = _best(scene, "permission")
    if found and found.status == "said" and found.evidence and scene.in_opening(found.evidence.turn):
        return Verdict(1.0, scene.say(N_("Asked whether it suits the customer.")), (found.evidence.turn,))
    if scene.early_objections:
        why = scene.say(N_("Took the customer's early objection seriously."))
        return Verdict(1.0, why, (scene.early_objections[0].evidence.turn,))
    words = _PERMISSION[language.known(scene.floor.language)]
    turns = [turn.id for turn in scene.opening if turn.speaker == "agent" and words.search(turn.text)]
    if turns:
        return Verdict(0.9, scene.say(N_("Was mindful of the customer's time.")), (turns[0],))
    return Verdict(0.5, scene.say(N_("Did not ask whether it suits the customer.")))


def brief(scene: Scene) -> Verdict:
    """No monologue before the customer first speaks."""
    limit = scene.setting("opening", "monologue_s")
    run: list[int] = []
    for turn in scene.opening:
        if turn.speaker == "customer" and run:
            break
        if turn.speaker == "agent":
            run.append(turn.id)
    seconds = span_seconds(scene.floor.by_id[turn] for turn in run) if run else 0.0
    if seconds <= limit:
        return Verdict(1.0, scene.say(N_("Let the customer speak soon.")), tuple(run[:1]))
    why = scene.say(N_("Talked for %(seconds)d seconds before the customer could speak."), seconds=round(seconds))
    return Verdict(max(0.0, 2 - seconds / limit), why, tuple(run))


def fluent(scene: Scene) -> Verdict:
    turns = [turn for turn in scene.opening if turn.speaker == "agent"]
    stumbled = stumbled_turns(scene)
    if not stumbled:
        return Verdict(1.0, scene.say(N_("Spoke fluently.")), tuple(turn.id for turn in turns[:1]))
    why = scene.say(N_("Stumbled in %(n)d of %(all)d turns of the opening."), n=len(stumbled), all=len(turns))
    return Verdict(max(0.0, 1 - 1.5 * len(stumbled) / max(1, len(turns))), why, stumbled)


def stumbled_turns(scene: Scene) -> tuple[int, ...]:
    """Turns of the agent in the opening that stumble: clearly, or each a little where it adds up.

    Recognition smooths a stammer, so single signs count once there are several of them.
    """
    signs = {turn.id: weight(turn.text, scene.floor.language) for turn in scene.opening if turn.speaker == "agent"}
    enough = LITTLE if sum(signs.values()) >= ADDED_UP else STUMBLING
    return tuple(turn for turn, sign in signs.items() if sign >= enough)


def courteous(scene: Scene) -> Verdict:
    """A greeting or apology for the disturbance, a polite form of address, nothing rude."""
    tongue = language.known(scene.floor.language)
    turns = [turn for turn in scene.opening if turn.speaker == "agent"]
    rude = [turn.id for turn in turns if _RUDE[tongue].search(turn.text)]
    greeted = [turn.id for turn in turns[:3] if language.read(turn.text, tongue).has("greeting", "apology", "thanks")]
    if rude:
        return Verdict(0.5 if greeted else 0.0, scene.say(N_("The tone was not polite.")), tuple(rude))
    if greeted:
        return Verdict(1.0, scene.say(N_("Greeted politely.")), tuple(greeted[:1]))
    return Verdict(0.5, scene.say(N_("Began without a greeting.")), tuple(turn.id for turn in turns[:1]))


def kept(scene: Scene) -> Verdict:
    """Whether the customer was still there when the opening was over."""
    last = scene.floor.turns[-1].id if scene.floor.turns else 0
    if scene.lost:
        return Verdict(0.0, scene.say(N_("Lost the customer during the opening.")), (last,))
    return Verdict(1.0, scene.say(N_("The customer stayed on the line after the opening.")))


def _company_named(scene: Scene) -> tuple[int, ...]:
    """The first turn of the opening in which the agent says the company's name, as written or as it sounds."""
    turns = (turn for turn in scene.opening if turn.speaker == "agent")
    said = (turn.id for turn in turns if any(_sounds_in(name, turn.text) for name in scene.library.company))
    return tuple(islice(said, 1))


@lru_cache(maxsize=2048)
def _sounds_in(name: str, text: str) -> bool:
    """Whether the text holds the name, or something that sounds like it; short names must sound nearly the same."""
    if name.lower() in text.lower():
        return True
    wanted, heard = sound.syllables(name), sound.syllables(text)
    near = SOUNDS_LIKE if len(wanted) > 2 else SOUNDS_SAME
    spans = (heard[start : start + len(wanted)] for start in range(len(heard) - len(wanted) + 1))
    return len(wanted) > 1 and any(sound.distance(wanted, span) <= near for span in spans)


def _best(scene: Scene, role: str) -> PointFinding | None:
    """The best finding of the script points that play this role."""
    found = [point for name in scene.roles.get(role, ()) if (point := scene.found(name))]
    order = ("said", "partial", "uncertain", "missed")
    return min(found, key=lambda point: order.index(point.status), default=None)


def _asked_for(scene: Scene, role: str, *, none: str, said: str, late: str, partial: str, missed: str) -> Verdict:
    """What became of the points of a role; `none` where the script has none."""
    found = _best(scene, role)
    if found is None:
        return Verdict(None, scene.say(none))
    return _timed(scene, found, said=said, late=late, partial=partial, missed=missed)


def _timed(scene: Scene, found: PointFinding, *, said: str, late: str, partial: str, missed: str) -> Verdict:
    if found.status == "uncertain":
        return Verdict(None, scene.say(N_("Recognition was too poor here to tell.")))
    value = _timed_value(scene, found)
    turns = (found.evidence.turn,) if found.evidence else ()
    if found.status == "missed" or not found.evidence:
        return Verdict(value, scene.say(missed), turns)
    if found.status == "partial":
        return Verdict(value, scene.say(partial), turns)
    return Verdict(value, scene.say(said if value == 1 else late), turns)


def _timed_value(scene: Scene, found: PointFinding) -> float:
    if not found.evidence or found.status in ("missed", "uncertain"):
        return 0.0
    worth = 1.0 if found.status == "said" else PARTLY
    return worth if scene.in_opening(found.evidence.turn) else worth * LATE


def _early(scene: Scene) -> float:
    return scene.setting("opening", "early_s")
