"""The Chromium that browser tests use: the one named in ASSIST_CHROMIUM, else the machine's own."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Its path, None where there is none."""
    named = os.environ.get("ASSIST_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)
