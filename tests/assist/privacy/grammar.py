"""Sentences of telesales calls with invented personal data, made from parts: what is said around a number, times the
ways in which a number is said and recognition writes it; and sentences with numbers that are nobody's."""

import random
from collections.abc import Callable, Iterator, Sequence

_HAN = "零一二三四五六七八九"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALIKE = {"8": "吧", "2": "而", "7": "气", "9": "酒", "4": "是", "6": "流"}
_PAUSES = ("，", "，嗯，", "、", " ", "，那个，", "，然后是", "……", "，呃，", "。")

Say = Callable[[random.Random, str], str]


def mobile(draw: random.Random) -> str:
    """An invented one: four noughts behind its first three digits."""
    return f"1{draw.choice('35789')}{draw.randrange(10)}0000{draw.randrange(10000):04d}"


def identity(draw: random.Random) -> str:
    """Of somebody born before 1910, with the right check digit."""
    region = draw.choice(("110101", "310104", "440305", "510104", "320102"))
    born = f"190{draw.randrange(10)}{draw.randrange(1, 13):02d}{draw.randrange(1, 28):02d}"
    digits = f"{region}{born}00{draw.randrange(1, 10)}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def card(draw: random.Random) -> str:
    """A series of noughts, with the right check digit."""
    body = draw.choice(("62220000", "62170000", "62280000")) + "0" * draw.choice((4, 7)) + f"{draw.randrange(1000):03d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def landline(draw: random.Random) -> str:
    return draw.choice(("010", "021", "028", "0571", "0755")) + f"8000{draw.randrange(10000):04d}"


def _han(digits: str, one: str = "幺") -> str:
    return "".join("叉" if digit == "X" else one if digit == "1" else _HAN[int(digit)] for digit in digits)


def _cut(digits: str) -> list[str]:
    sizes = {11: (3, 4, 4), 18: (6, 4, 4, 4), 15: (6, 6, 3), 12: (4, 4, 4)}.get(len(digits))
    if sizes is None:
        return [digits[at : at + 4] for at in range(0, len(digits), 4)]
    ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
    return [digits[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _counted(group: str) -> str:
    """两个八, 三个零 where a digit is repeated."""
    out, at = "", 0
    while at < len(group):
        same = len(group[at:]) - len(group[at:].lstrip(group[at]))
        words = "零一两三四"
        out += f"{words[same]}个{_han(group[at])}" if 2 <= same <= 4 else _han(group[at]) * same
        at += same
    return out


def _as_value(group: str) -> str:
    hundreds, tens, ones = _HAN[int(group[0])], _HAN[int(group[1])], _HAN[int(group[2])]
    if group[1] == "0":
        return f"{hundreds}百零{ones}" if group[2] != "0" else f"{hundreds}百"
    return f"{hundreds}百{tens}十{ones if group[2] != '0' else ''}"


def _misheard(draw: random.Random, digits: str) -> str:
    """One digit in the midst as another sign of the same sound."""
    text = _han(digits)
    places = [at for at in range(2, len(digits) - 1) if digits[at] in _ALIKE]
    if not places:
        return "要" + text[1:] if digits[0] == "1" else text
    at = draw.choice(places)
    return text[:at] + _ALIKE[digits[at]] + text[at + 1 :]


def _paused(draw: random.Random, groups: Sequence[str]) -> str:
    return "".join(
        group + (draw.choice(_PAUSES) if number < len(groups) - 1 else "") for number, group in enumerate(groups)
    )


WAYS: dict[str, Say] = {
    "written": lambda draw, digits: digits,
    "spaced": lambda draw, digits: " ".join(_cut(digits)),
    "dashed": lambda draw, digits: "-".join(_cut(digits)),
    "digit by digit": lambda draw, digits: " ".join(digits),
    "spoken": lambda draw, digits: _han(digits),
    "spoken with 一": lambda draw, digits: _han(digits, "一"),
    "with pauses": lambda draw, digits: _paused(draw, [_han(group) for group in _cut(digits)]),
    "mixed": lambda draw, digits: _paused(draw, [_han(one) if draw.random() < 0.5 else one for one in _cut(digits)]),
    "mixed without pauses": lambda draw, digits: "".join(
        _han(one) if n % 2 else one for n, one in enumerate(_cut(digits))
    ),
    "counted": lambda draw, digits: _paused(draw, [_counted(group) for group in _cut(digits)]),
    "misheard": lambda draw, digits: _misheard(draw, digits),
}
_MOBILE_WAYS: dict[str, Say] = WAYS | {
    "with the country": lambda draw, digits: f"+86 {digits}",
    "as a value": lambda draw, digits: _paused(draw, [_as_value(digits[:3]), _han(digits[3:7]), _han(digits[7:])]),
    "ten and a digit": lambda draw, digits: f"十{_han(digits[1:])}",
    "misheard at first": lambda draw, digits: "要" + _han(digits[1:]),
}

_PHONE_FRAMES = (
    "我手机是{}", "你打{}就行", "那个{}打不通", "号码是{}，你记一下", "联系电话{}，随时都可以", "我给您报一下，{}",
    "您这个号码{}是您本人在用吗", "加我微信吧，{}", "喂，刚才是{}打给我的吗", "我跟您核对一下，{}，对吧", "{}",
    "一共一百九十九，电话{}",
)  # fmt: skip
_ID_FRAMES = (
    "身份证号是{}", "我的身份证，{}，你看对不对", "证件号码您记一下，{}", "{}这是我爱人的", "麻烦帮我用{}查一下",
    "我念一遍身份证啊，{}",
)  # fmt: skip
_CARD_FRAMES = (
    "卡号是{}", "银行卡，{}，工行的", "你扣这张卡吧，{}", "我绑定的是{}", "退到{}里面", "储蓄卡的号，{}",
)  # fmt: skip
_LANDLINE_FRAMES = ("家里座机{}", "固话是{}，晚上打", "你打{}找我爸", "办公室电话{}")
_NAMES = (
    "王建国 李秀英 张伟 刘洋 陈静 杨帆 赵敏 黄海波 周丽华 吴志强 徐慧 孙国庆 胡晓东 朱红梅 林志远 "
    "何雪 郭小军 马超群 罗玉兰 梁文静 宋佳 "
    "郑凯 谢婷婷 韩冰 唐诗雨 冯建军 董洁 萧雅 程浩 曹磊 欧阳娜 司马懿德 诸葛明".split()
)
_TITLES = ("先生", "女士", "小姐", "老师", "经理")
_FULL_FRAMES = (
    "请问是[name:{}]{}吗", "喂，您好，是[name:{}]{}吗？", "[name:{}]{}您好，打扰您了", "上次联系的是[name:{}]{}",
    "麻烦转告[name:{}]{}一声",
)  # fmt: skip
_NAME_FRAMES = (
    "机主姓名是[name:{}]", "我叫[name:{}]，你查一下", "户主叫[name:{}]", "请问您是[name:{}]吗？",
    "麻烦找一下[name:{}]", "联系人写[name:{}]就行",
    "名字是[name:{}]",
)  # fmt: skip
_TOWNS = ("", "成都市武侯区", "杭州市西湖区", "广东省深圳市南山区", "朝阳区", "江苏省南京市")
_ROADS = ("人民南路", "文三路", "中山北路", "建设大道", "解放街", "和平路", "科技园路")
_ESTATES = ("阳光花园", "幸福里小区", "金色家园", "翠湖公寓", "东方名邸", "万科城", "紫金苑")
_ADDRESS_FRAMES = (
    "我住[address:{}]", "地址是[address:{}]，别送错了", "装在[address:{}]", "师傅到[address:{}]来就行",
    "您是在[address:{}]对吗",
    "快递寄到[address:{}]吧",
)  # fmt: skip


def _road(draw: random.Random) -> str:
    return f"{draw.choice(_ROADS)}{draw.randrange(1, 300)}号"


def _flat(draw: random.Random) -> str:
    building = draw.choice(("栋", "号楼", "幢"))
    return f"{draw.randrange(1, 20)}{building}{draw.randrange(1, 5)}单元{draw.randrange(1, 30)}0{draw.randrange(1, 5)}"


def _spoken_flat(draw: random.Random) -> str:
    first, second, third, last = (_HAN[draw.randrange(1, 10)] for _ in range(4))
    return f"{first}栋{second}单元{third}零{last}"


_ADDRESSES: tuple[Say, ...] = (
    lambda draw, town: town + _road(draw),
    lambda draw, town: town + _road(draw) + _flat(draw) + "室",
    lambda draw, town: town + draw.choice(_ESTATES) + _flat(draw),
    lambda draw, town: town + draw.choice(_ESTATES) + _spoken_flat(draw),
    lambda draw, town: f"{town}{draw.choice(_ROADS)}{_as_value(str(draw.randrange(111, 400)))}号",
)
_OTHERS = (
    "我邮箱是[email:user{0}@example.com]", "发到[email:li.hua{0}@mail.example.cn]就可以",
    "微信号[account:wx_{0}abc]", "我的QQ是[account:8000{0}1]",
    "QQ号[account:9000{0}0]加一下", "车牌[plate:京A8{0}]", "是[plate:川B·{0}K]这辆车", "护照号是[passport:E0000{0}]",
    "我生日是[birth:19{1}年3月12日]", "出生日期[birth:19{1}-04-05]", "我是[birth:{1}年]出生的",
)  # fmt: skip
NOBODYS = (
    "我们这个套餐一个月{0}元", "每月只要一百九十九块钱，比现在的便宜三十块", "宽带是{0}M的，千兆的话再加二十",
    "合约期二十四个月，一共四千七百七十六元",
    "今年{1}月{2}号到期", "活动从2024年{1}月{2}日到2025年{1}月{2}日", "下午两点半到五点之间师傅上门",
    "现在是十点四十五分", "信号覆盖率百分之九十九点九",
    "速度能提升{0}%", "有问题打10086或者10000号", "客服热线是400-800-{0}8", "您拨打八百八三零零零零零咨询",
    "投诉电话是一二三零零，也可以打九五幺零幺",
    "路由器是AX{0}0双频的", "订单号是20240315{0}{0}{0}{0}", "工号八零{2}二为您服务",
    "我是星途通信的客户经理小陈，工号8023", "这里是星途通信，我是客服小李",
    "全市有一百三十八万用户在用", "前三个月免费，第四个月开始恢复{0}元", "您用了{2}年了，是我们的老客户",
    "两个人用三百兆就够了", "打五折，然后再减一百",
    "三五天就能装好，一两个小时搞定", "从一百兆、两百兆、三百兆到一千兆都有", "我再想一想，十一之后再说",
    "您在成都还是重庆", "朝阳区这边还没有覆盖",
    "我们这边三号楼都装了", "五G套餐六十G流量，超出五块一个G", "身份证后四位是多少", "验证码是{0}{2}，您报给我就行",
    "安装师傅会带着设备上门",
    "请问您是户主本人吗", "麻烦您向老师傅问一下", "高级经理会给您回电", "对方经理说可以", "方便的话加个微信",
    "一百三十九和一百九十九两档",
    "尾号{0}的手机号是您在用吧", "先生您好，打扰您一分钟", "这位女士，您听我说", "任何问题都可以找我",
    "第一条路是续约，第二条路是换套餐",
    "价格从399元降到299元再降到199元", "100兆升级到1000兆，每月多{2}块", "二十四期免息，每期四十九块九",
    "周一到周五九点到十八点上班",
)  # fmt: skip


def personal(seed: int = 7, each: int = 6) -> Iterator[str]:
    """Marked sentences, some hundred: every way of saying a number a few times, in changing words around it."""
    draw = random.Random(seed)
    for ways, frames, kind, number in (
        (_MOBILE_WAYS, _PHONE_FRAMES, "phone", mobile),
        (WAYS, _ID_FRAMES, "id-card", identity),
        (WAYS, _CARD_FRAMES, "bank-card", card),
        (WAYS, _LANDLINE_FRAMES, "phone", landline),
    ):
        for say in ways.values():
            for _ in range(each):
                yield draw.choice(frames).format(f"[{kind}:{say(draw, number(draw))}]")
    for _ in range(12 * each):
        name, title = draw.choice(_NAMES), draw.choice(_TITLES)
        short = draw.random() < 0.4
        yield draw.choice(_FULL_FRAMES).format(
            name[: 2 if name[:2] in ("欧阳", "司马", "诸葛") else 1] if short else name, title
        )
        yield draw.choice(_NAME_FRAMES).format(name)
        yield draw.choice(_ADDRESS_FRAMES).format(draw.choice(_ADDRESSES)(draw, draw.choice(_TOWNS)))
        yield draw.choice(_OTHERS).format(draw.randrange(1000, 10000), draw.randrange(50, 99))


def nobodys(seed: int = 11, each: int = 4) -> Iterator[str]:
    """Sentences with numbers and no personal data."""
    draw = random.Random(seed)
    for sentence in NOBODYS:
        for _ in range(each):
            yield sentence.format(draw.randrange(100, 999), draw.randrange(1, 12), draw.randrange(1, 28))


def talks(seed: int = 13, count: int = 60) -> Iterator[str]:
    """Numbers that go over several turns: one says them in groups, the other repeats them or says only 对."""
    draw = random.Random(seed)
    for _ in range(count):
        kind, number, ask = draw.choice(
            (
                ("phone", mobile(draw), "您的手机号报一下"),
                ("phone", mobile(draw), "怎么联系您"),
                ("id-card", identity(draw), "身份证号麻烦说一下"),
            )
        )
        spoken = draw.random() < 0.7
        repeats = draw.random() < 0.5
        turns = [f"A: {ask}"]
        for group in _cut(number):
            said = f"[{kind}:{_han(group) if spoken else group}]"
            turns.append(f"C: {said}")
            turns.append(f"A: {said}" if repeats else f"A: {draw.choice(('嗯', '对', '好的', '您继续', '哦，然后呢'))}")
        yield " // ".join(turns)
