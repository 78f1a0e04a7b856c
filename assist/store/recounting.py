"""Rows for counting, made anew of reports that are kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assist.scripts.library import Library
from assist.store import Store, libraries, shown

Put = Callable[[Store, int, str, Mapping[str, Any], Library], None]
"""Replaces the rows of a call: store, call, key of the analysis, its report, the library it was judged by."""


def recount(store: Store, calls: Sequence[Mapping[str, Any]], put: Put) -> None:
    """Makes the rows of calls (id, analysis_key, library_version_id).

    One whose report is gone, or that was judged by no version, gets none.
    """
    for call in calls:
        report = shown.analysis(store, call["analysis_key"], shown.masking_of(store, call["id"]).kinds())
        if report is not None and call["library_version_id"] is not None:
            library = libraries.library(store, call["library_version_id"])
            put(store, call["id"], call["analysis_key"], report, library)
