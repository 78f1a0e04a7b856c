"""What pages of one-on-ones show beside the domain's values: links to the calls behind a number, a strip of calls."""

from dataclasses import dataclass
from urllib.parse import urlencode

from assist.coaching.agreements import Action
from assist.coaching.change import FEWEST, FEWEST_DAYS
from assist.coaching.followup import Progress
from assist.coaching.lines import Line, Window
from assist.coaching.measures import MET, Reading
from assist.store.clock import stamp

__all__ = ["FEWEST", "FEWEST_DAYS", "Strip", "behind", "behind_action", "points", "strip"]

WIDTH, HEIGHT, EDGE = 320, 64, 10


@dataclass(frozen=True, slots=True)
class Strip:
    """One dot a call from left to right, high where done (or by its score), as paths of the good and the other ones;
    `divide` is where the agreement begins."""

    good: str
    poor: str
    divide: float
    width: int = WIDTH
    height: int = HEIGHT


def strip(progress: Progress) -> Strip:
    found = (*progress.before, *progress.after)
    step = (WIDTH - 2 * EDGE) / max(1, len(found))
    dots: dict[bool, list[str]] = {True: [], False: []}
    for number, one in enumerate(found):
        x, y = EDGE + (number + 0.5) * step, _height(one, progress.action)
        dots[_good(one, progress.action)].append(f"M{x:.1f} {y:g}h0")
    return Strip("".join(dots[True]), "".join(dots[False]), round(EDGE + len(progress.before) * step, 1))


def behind(agent_id: int, line: Line, window: Window, met: bool | None = None, *, team: bool = False) -> str:
    """Address of the calls a number of the brief counts."""
    given = {"measure": line.measure.key, "since": stamp(window.since), "until": stamp(window.until)}
    more = ({} if met is None else {"met": str(int(met))}) | ({"team": "1"} if team else {})
    return f"/coaching/agents/{agent_id}/calls?{urlencode(given | more)}"


def behind_action(action: Action, side: str, met: bool | None = None) -> str:
    more = {} if met is None else {"met": str(int(met))}
    return f"/coaching/actions/{action.id}/calls?{urlencode({'side': side} | more)}"


def points(share: float | None, unit: str) -> str:
    """A difference in points: of a hundred calls, or of the score."""
    return "—" if share is None else f"{share * (100 if unit == 'share' else 1):.0f}"


def _height(one: Reading, action: Action) -> float:
    share = one.value if action.measure.unit == "share" else one.value / 100
    return round(EDGE + (1 - share) * (HEIGHT - 2 * EDGE), 1)


def _good(one: Reading, action: Action) -> bool:
    return one.value >= (1 if action.measure.unit == "share" else 100 * MET)
