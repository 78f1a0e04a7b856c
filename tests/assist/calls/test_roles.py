from assist.calls.roles import assign
from assist.scripts.library import Entry, Library, Point, Stage, Step

LIBRARY = Library(
    "fibre",
    "宽带",
    (
        Stage(
            "opening",
            "开场",
            (Point("intro", "自报", ("您好，我是星途通信的客服小林。", "给您来电是想介绍宽带提速。")),),
        ),
    ),
    company=("星途通信",),
    playbook=(
        Entry("busy", "没时间", ("我在开会", "没空"), (Step("acknowledge", "认同", ("理解，就占您一分钟。",)),)),
    ),
)
AGENT = "您好，我是星图通讯的客服小王，给您来电是介绍宽带的。理解，就占您一分钟。"
CUSTOMER = "喂，你哪位？我在开会呢，没空。"


def test_the_agent_is_who_sells_not_who_begins() -> None:
    found = assign({0: CUSTOMER, 1: AGENT}, LIBRARY)
    assert found.speakers == {0: "customer", 1: "agent"}
    assert found.confidence > 0.8


def test_swapping_the_channels_swaps_the_roles() -> None:
    assert assign({0: AGENT, 1: CUSTOMER}, LIBRARY).speakers == {0: "agent", 1: "customer"}


def test_nothing_to_tell_by_is_uncertain() -> None:
    assert assign({0: "嗯嗯。", 1: "好好。"}, LIBRARY).confidence < 0.7


def test_one_voice_alone_is_named_by_its_words() -> None:
    assert assign({0: AGENT}, LIBRARY).speakers == {0: "agent"}


def test_silence_has_no_speakers() -> None:
    assert assign({}, LIBRARY).confidence == 0
