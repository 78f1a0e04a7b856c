"""Which stage of one library is which of another. Points, entries and forbidden items have ids; stages have none."""

from collections.abc import Sequence

from assist.scripts.library import Library, Stage

Keys = tuple[str, ...]
"""One key a stage, in the order of the script: the same key is the same stage."""


def stage_keys(base: Library, *others: Library) -> tuple[Keys, ...]:
    """The keys of the stages of each library, the base first."""
    known = tuple(f"{number}" for number in range(len(base.script)))
    return known, *(_named(base.script, other.script) for other in others)


def pairs(old: Sequence[Stage], new: Sequence[Stage]) -> dict[int, int]:
    """Position in `new` → position in `old` of the same stage: same kind and title, else the most points in common,
    else the same kind."""
    found: dict[int, int] = {}
    for alike in (_same_name, _common_points, _same_kind):
        for i, stage in enumerate(new):
            free = [j for j in range(len(old)) if j not in found.values()]
            best = max(free, key=lambda j: alike(old[j], stage), default=None)
            if i not in found and best is not None and alike(old[best], stage):
                found[i] = best
    return found


def _named(base: Sequence[Stage], stages: Sequence[Stage]) -> Keys:
    known = pairs(base, stages)
    keys: list[str] = []
    for number, stage in enumerate(stages):
        added = f"+{stage.stage}:{stage.title}"
        keys.append(str(known[number]) if number in known else added + "'" * keys.count(added))
    return tuple(keys)


def _same_name(old: Stage, new: Stage) -> int:
    return int((old.stage, old.title) == (new.stage, new.title))


def _common_points(old: Stage, new: Stage) -> int:
    return len({point.id for point in old.points} & {point.id for point in new.points})


def _same_kind(old: Stage, new: Stage) -> int:
    return int(old.stage == new.stage)
