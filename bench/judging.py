"""How close judging comes to a careful listener, on the labelled calls beside this project (../shared/calls).

Each campaign twice: on what was really said, and on the recordings. The gap between the two is what hearing costs.
    python -m bench.judging [CALLS_FOLDER]
"""

import sys
from pathlib import Path

from assist.evaluate import evaluate

CALLS = Path("../shared/calls")


def main(folder: Path) -> None:
    campaigns = sorted(path.parent for path in folder.glob("*/library.yaml"))
    if not campaigns:
        print(f"No labelled calls in {folder}: nothing to measure.")
    for campaign in campaigns:
        for source in (["--transcripts"], []):
            print(f"\n{campaign.name}, {'what was said' if source else 'recordings'}")
            evaluate.main([str(campaign), *source], standalone_mode=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CALLS)
