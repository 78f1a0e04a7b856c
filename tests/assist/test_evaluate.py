"""Labelled calls without a recording are judged from their transcript alone."""

from pathlib import Path

import yaml

from assist.evaluate import calls, read_aloud


def test_turns_of_a_call_without_sound_follow_each_other_at_a_speaking_pace() -> None:
    said = [{"who": "customer", "text": "喂"}, {"who": "agent", "text": "您好，请问是陈女士吗？" * 4}]
    rows = read_aloud(said)["turns"]
    assert rows[0]["end"] < rows[1]["start"]
    assert 5 < rows[1]["end"] - rows[1]["start"] < 15
    assert [row["turn"] for row in rows] == [0, 1]


def test_a_call_file_alone_is_a_labelled_call(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    call = {
        "id": "a-1", "turns": [{"who": "agent", "text": "您好"}], "worst": "none", "needs_coaching": False,
        "scores": {"opening": None, "questioning": None, "rejection_handling": None},
    }  # fmt: skip
    (tmp_path / "calls" / "a-1.yaml").write_text(yaml.safe_dump(call, allow_unicode=True), encoding="utf-8")
    [(found, sound)] = calls(tmp_path)
    assert (found.id, found.layout, sound) == ("a-1", "text", None)
