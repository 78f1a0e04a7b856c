"""Which passwords nobody may have, and which everybody may."""

import pytest

from assist.people import passwords, users
from assist.people.password_rules import TooCommon, TooNear, WeakPassword, Words, WrongLength, check
from tests.conftest import PASSWORD

CHEN = Words(("chen.xiao", "陈晓", "星河组", "星河通信", "Starlink Telecom"))

COMMON = """
12345678 123456789 1234567890 11111111 88888888 12341234 11223344 147258369 password password1 Passw0rd! P@ssw0rd2023
qwertyuiop qwerty123 1qaz2wsx 1q2w3e4r asdf1234 zxcvbnm1 abcd1234 abc12345 iloveyou iloveyou2 admin123 admin@2024!
Aa123456 a123456789 aa123456 123456abc qq123456 woaini1314 woaini520520 5201314520 1314520520 woaini1314520
wangwei888 zhangwei123456 Liming1990 zhang19870512 19900101 1990-01-01 13812345678 8613812345678 nihao123 mima1234
Huawei@123 liantong123 Beijing2008 kefu8888 dianxiao2024 Summer2024! monkey2020 00000000 qazwsxedc asdfghjkl
""".split()

FINE = (
    PASSWORD,
    "第一次养猫很开心",
    "jade teapot 41",
    "83920174652",
    "tQ8-vn2Lr",
    "xiaomaoheyu7tian",
    "we moved in May and never unpacked",
    " leading and trailing blanks ",
    "pass the salt to grandfather",
)


def test_what_is_tried_first_is_refused() -> None:
    def allowed(password: str) -> bool:
        try:
            check(password, CHEN)
        except TooCommon:
            return False
        return True

    assert [password for password in COMMON if allowed(password)] == []


def test_no_kind_of_characters_is_asked_for() -> None:
    for password in FINE:
        check(password, CHEN)


@pytest.mark.parametrize(
    "password",
    ["chen.xiao", "ChenXiao2024", "chenxiao!!", "xingheTongxin1", "Starlink2024", "telecom-chen", "assist2024"],
)
def test_names_of_person_and_company_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check(password, CHEN)
    assert isinstance(refused.value, TooNear | TooCommon)
    assert refused.value.code == "WeakPassword"


def test_length_counts_more_for_administrators() -> None:
    with pytest.raises(WrongLength):
        check("seven77", CHEN)
    with pytest.raises(WrongLength):
        check("x" + "yz" * 64, CHEN)
    check("tQ8-vn2L", CHEN)
    with pytest.raises(WrongLength):
        check("tQ8-vn2L", Words((), admin=True))


def test_company_words_come_from_the_settings(store, agent):
    store.settings = store.settings.model_copy(update={"password_words": "Nebulatel, 云信"})
    for password in ("Nebulatel99", "yunxin!yunxin", "nebulatel-yunxin"):
        with pytest.raises(WeakPassword):
            users.change_password(store, agent, password)


def test_a_change_is_to_another_password(store, agent):
    with pytest.raises(users.SamePassword):
        users.change_password(store, agent, PASSWORD)


def test_a_hash_grows_with_the_parameters_when_its_owner_signs_in(store, agent):
    def kept() -> str:
        return store.value("SELECT password_hash FROM users WHERE id = ?", [agent.id])

    before = kept()
    assert before.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    store.settings = store.settings.model_copy(update={"password_rounds": 3})
    with pytest.raises(users.SignInRefused):
        users.authenticate(store, "chen", "a wrong password")
    assert kept() == before
    users.authenticate(store, "chen", PASSWORD)
    assert "t=3" in kept()
    assert passwords.matches(store.settings, kept(), PASSWORD)


def test_a_longer_text_that_begins_like_the_password_is_not_it(store, agent):
    longest = ("we moved in May and never unpacked " * 4)[: passwords.LONGEST]
    users.change_password(store, agent, longest)
    assert users.authenticate(store, "chen", longest)
    with pytest.raises(users.SignInRefused):
        users.authenticate(store, "chen", longest + "!")


def test_a_first_password_ends_unused(store, agent):
    users.change_password(store, agent, "first of all words", must_change=True)
    assert users.authenticate(store, "chen", "first of all words").must_change
    store.change("UPDATE users SET first_password_until = '2020-01-01T00:00:00.000+00:00'")
    with pytest.raises(users.SignInRefused):
        users.authenticate(store, "chen", "first of all words")


def test_a_flood_of_sign_ins_is_sent_away_and_not_queued(store):
    held = [passwords._IN_LINE.acquire(blocking=False) for _ in range(12)]
    try:
        with pytest.raises(passwords.Busy) as busy:
            users.authenticate(store, "chen", PASSWORD)
        assert busy.value.facts["seconds"] > 0
    finally:
        for _ in held:
            passwords._IN_LINE.release()
