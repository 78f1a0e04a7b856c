"""Damaged and hostile files through the web: each is taken or refused with a reason, and the server goes on."""

from pathlib import Path
from random import Random

from tests.fuzz import media
from tests.fuzz.mutations import mutated

_SEED, _UPLOADS = 20261122, 250


def test_a_mutated_upload_is_taken_or_refused_with_a_reason(browse, tmp_path: Path):
    browser, whole, random = browse("agent"), media.samples(tmp_path), Random(_SEED)
    answers = []
    for number in range(_UPLOADS):
        name, content = random.choice(whole)
        damaged = mutated(content, random, random.choice(whole)[1])
        answer = browser.put("/api/recordings", params={"name": f"{number}-{name}"}, content=damaged)
        answers.append(answer.status_code)
        if answer.status_code >= 400:
            assert answer.json()["error"]["message"]
    assert set(answers) <= {200, 201, 400, 413, 415, 422}, sorted(set(answers))
    assert browser.get("/calls").status_code == 200
