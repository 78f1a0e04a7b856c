from models.sound import alike, distance, spoken, syllables


def test_homophones_sound_the_same() -> None:
    assert alike("千兆", "前照") == 1.0


def test_accents_stay_near_and_other_words_stay_far() -> None:
    assert alike("流量", "牛量") > alike("流量", "合同") + 0.4
    assert alike("信用卡", "兴用卡") > 0.9


def test_distance_grows_with_missing_syllables() -> None:
    whole = syllables("全屋组网")
    assert distance(whole, whole) == 0
    assert distance(whole, whole[:2]) == 0.5


def test_each_syllable_knows_its_place() -> None:
    said = spoken("开VIP，30元")
    assert said.syllables == ("kai", "vip", "30", "yuan")
    assert said.places == ((0, 1), (1, 4), (5, 7), (7, 8))
