import itertools
import math

import numpy as np
import pytest

from models.spelling import Grams, Speller, homophones, learn

TALK = ["您好，请问您方便吗？", "您现在方便吗？", "我在开会，没时间。", "你是谁啊", "妈妈在家", "喝水吗"] * 3
ALIKE = homophones("".join(TALK) + "嘛马睡使啥")


def speller(*texts: str) -> Speller:
    return Speller(((learn(texts or TALK), 1.0),), ALIKE)


def spelled(text: str, price: float = 1.0, fixed: tuple[int, ...] = ()) -> str:
    return speller().spelled(text, [price] * len(text), fixed).text


def test_the_character_that_was_meant_is_told_by_its_neighbours() -> None:
    assert spelled("您现在方便嘛？") == "您现在方便吗？"
    assert spelled("你是水啊") == "你是谁啊"
    assert spelled("喝水吗") == "喝水吗"


def test_a_dear_character_and_a_fixed_place_stay() -> None:
    assert spelled("您现在方便嘛？", price=30.0) == "您现在方便嘛？"
    assert spelled("您现在方便嘛？", fixed=(5,)) == "您现在方便嘛？"


def test_marks_digits_and_letters_stay_in_their_places() -> None:
    text = "VIP，方便嘛？！ 100 ok。"
    assert spelled(text) == "VIP，方便吗？！ 100 ok。"


@pytest.mark.parametrize("text", ["", "。", "？！", "😀嘛", "\n"])
def test_a_text_of_almost_nothing_is_no_trouble(text: str) -> None:
    assert len(spelled(text)) == len(text)


def test_a_text_like_the_learned_ones_is_likelier_a_sign_than_another() -> None:
    like, unlike = (
        speller().spelled(text, [9.0] * len(text)) for text in ("您好，请问您方便吗？", "股指期货震荡收跌。")
    )
    assert like.chance / like.signs > unlike.chance / unlike.signs
    assert like.signs == 10


def test_all_readings_of_a_character_sound_alike_with_others() -> None:
    found = homophones("谁水嘛吗A1")
    assert set(found["shui"]) == {"谁", "水"}
    assert found["shei"] == "谁"
    assert not any("A" in row or "1" in row for row in found.values())


def test_the_chances_of_all_characters_behind_two_others_are_one_or_less() -> None:
    grams = learn(TALK)
    seen = np.unique(np.array([ord(c) for text in TALK for c in text if c.isalnum()] + [0]))
    for one, two in itertools.product("方您喝", "便好水"):
        total = grams.chances(np.array([ord(one) << 16 | ord(two)]), seen).sum()
        assert 0.9 < total <= 1.0 + 1e-6


def test_what_was_seen_behind_two_characters_takes_its_share_by_count() -> None:
    """方便 is followed by 吗 alone, so Witten-Bell leaves one part in seven for everything else."""
    chance = learn(TALK).chances(np.array([ord("方") << 16 | ord("便")]), np.array([ord("吗")]))[0, 0]
    assert 6 / 7 < chance < 1


def test_the_order_of_the_texts_does_not_matter_and_arrays_bring_the_model_back() -> None:
    grams, turned = learn(TALK), learn(reversed(TALK))
    for name, values in grams.arrays().items():
        assert np.array_equal(values, turned.arrays()[name])
    again = Grams(**grams.arrays())
    assert Speller(((again, 1.0),), ALIKE).spelled("方便嘛", [1.0] * 3) == speller().spelled("方便嘛", [1.0] * 3)


def test_a_model_of_nothing_finds_all_characters_alike() -> None:
    grams = learn([])
    chances = grams.chances(np.array([0]), np.array([ord("吗"), ord("嘛")]))
    assert chances[0, 0] == chances[0, 1] > 0
    assert math.isfinite(Speller(((grams, 1.0),), ALIKE).spelled("方便嘛", [1.0] * 3).chance)
