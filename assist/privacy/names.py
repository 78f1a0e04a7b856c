"""Names of customers and of those they speak of. An agent's own name, said by way of introduction, is none of them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

import rjieba

from assist.privacy.kinds import Span

_ONE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳史唐费廉岑薛雷贺倪汤罗毕郝安常"
    "傅康伍余顾孟黄穆萧尹姚邵汪毛米戴宋庞熊纪项祝董梁杜阮蓝闵季贾江童郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓单洪包左石崔龚程裴陆翁"
    "曲段侯武刘龙叶黎白蒲赖卓乔谭申冉牛尚温庄柴阎廖耿文欧聂曾关向游付肖岳齐易管辛殷"
)
_TWO = "欧阳|上官|司马|诸葛|皇甫|慕容|令狐|司徒|夏侯|尉迟|东方|独孤|南宫|公孙|长孙|端木"
_COMMON = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
    "戴夏钟汪田任姜范石姚谭廖邹熊金陆郝孔崔邱秦顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚"
)
_NO_THANKS = "(?!谢[谢啦了])(?!(?<=谢)谢)"
_FAMILY = f"(?:{_TWO}|{_NO_THANKS}[{_ONE}])"
_GIVEN = (
    r"[^\W\d_a-zA-Z的了是我你您他她它们这那吗呢吧啊呀嘛哦嗯喂先女小老给把被让叫请问找跟和与或就都也很还在有没不要会能说"
    r"想看对好〇]"
)
_LOOSE = r"[^\W\d_a-zA-Z的了是我你您他她它们这那吗呢吧啊呀嘛哦嗯喂〇]"
"""Signs that a given name may hold where something before it says that a name comes."""
_TITLE = (
    "先生|女士|小姐|太太|老师|经理|老板|主任|师傅|大哥|大姐|大爷|大妈|阿姨|叔叔|同学|医生|大夫|校长|书记|"
    "局长|科长|处长|队长|院长|教授|律师|夫人|主管|店长|妈妈|爸爸|同志"
)
_WHOLE = rf"(?:(?!{_TITLE}|单[上里中给]){_LOOSE})"
_SHORT_TITLE = r"[哥姐总董工](?![是共的计体之算要会在部公经然结数监长额量作程资人业地商裁价会夫具单期天可行能装号休里])"

_TITLED = re.compile(
    rf"(?P<name>(?P<family>{_FAMILY}){_GIVEN}{{1,2}}(?P=family)|{_FAMILY}(?:{_GIVEN}{{0,2}}?|小{_GIVEN}))(?={_TITLE})"
)
_BRIEFLY = re.compile(rf"(?P<name>{_NO_THANKS}[{_COMMON}]|{_TWO})(?={_SHORT_TITLE})")
_LITTLE = re.compile(rf"[小老阿](?P<name>[{_COMMON}])(?=[，。！？、,.?!\s啊呀吧呢吗]|$|您|你|他|她|说|先|这边|那边|在)")
_NAMED = re.compile(
    rf"(?:姓名|名字|户名|机主|户主|开户人|收件人|收货人|联系人|签收人|本名|大名)(?:应该|登记|"
    rf"写)?(?:的?是|叫做?|为|：|:|写|填)?[\s，,]?(?:叫)?"
    rf"(?P<name>{_FAMILY}{_WHOLE}{{1,2}})"
)
_CALLED = re.compile(rf"(?:叫做?|名叫|名字是|姓名是)(?P<name>{_FAMILY}{_WHOLE}{{1,2}})")
_ASKED = re.compile(
    rf"(?:请问|您|你|那边|对方|这边|这是|哪位是|谁是)(?:这?是|"
    rf"就是)(?P<name>{_FAMILY}{_WHOLE}{{1,2}})(?=本人|先生|女士|小姐|吗|么|吧|对吧|是吧|不|？|\?|，|。|"
    rf"$)"
)
_SOUGHT = re.compile(
    rf"(?:找一下|找下|找|转给|转接|联系一下|联系|通知|转告|"
    rf"告诉)(?P<name>{_FAMILY}{_WHOLE}{{1,2}})(?=[，。！？,.?!\s]|$|在|吗|他|她|本人)"
)
_I_AM = re.compile(rf"我(?:就)?是(?P<name>{_FAMILY}{_WHOLE}{{1,2}})(?=[，。！？,.?!\s]|$|啊|呀|本人)")
_ANSWERED = re.compile(
    rf"(?:怎么称呼|贵姓|叫什么|名字|姓名|"
    rf"哪位)[^，。？?\n]{{0,6}}[？?。，]?\n?(?P<name>{_FAMILY}{_WHOLE}{{1,2}})(?=[，。！？,.?!\s]|$)"
)
_SURNAME = re.compile(
    rf"(?<![百名])姓(?:的?是)?(?P<name>{_FAMILY}{_GIVEN}{{0,2}}?)(?=[，。！？,.?!\s]|$|的|啊|呀|吧|先生|女士|，?叫)"
)
_BUILT = re.compile(
    "弓长张|木子李|耳东陈|双木林|口天吴|立早章|古月胡|言午许|三点水江|三横王|草头黄|走肖赵|文刀刘|木易杨|立人何"
)
_SPELLED = re.compile(r"(?<![^\W_])[^\W\d_a-zA-Z]{2}的(?P<sign>[^\W\d_a-zA-Z])(?![^\W_啊呀吧嘛])")
_AFTER_NAME = re.compile(_TITLE)
_SPELLED_NEAR = 30
"""So many characters after a name its signs may be explained (建设的建)."""
_OWN = re.compile(
    r"(?:我(?:是|叫|姓)|我的名字是|这(?:边|里)是|这?是)[^，。！？,.?!]{0,16}$|(?:客服|经理|专员|"
    r"顾问|坐席|话务员|工程师|公司的?|中心的?|客户代表|业务员)[\s，,]?[小老阿]?$|(?:叫|喊|称呼|"
    r"找)我[小老阿]?$|的[小老阿]$|工号[^，。]{0,8}$"
)
_OTHERS = re.compile("您|你|他|她|贵|机主|户主|客户|老公|老婆|爱人|先生|太太|妈|爸")
_ASKING = re.compile("(?:您|你|请问|是不是|那边|对方)[^，。我]{0,3}(?:是|叫)$|请问")
_TITLES_OF_OWN = re.compile("客户?经理|客服|专员|顾问|工号")
_NO_NAMES = frozenset(
    "安装 项目 对方 方便 时代 马上 成功 任何 关于 于是 毛病 白天 黄金 江湖 金融 包括 明天 温馨 高兴 "
    "平时 安心 全部 毕竟 管理 单位 计算 高级 金牌 "
    "常务 安全 房东 房产 文明 向导 华为 万一 万能 游戏 易懂 安排 单独 单子 方案 方式 金额 管家 高端 "
    "高清 高速 包月 包年 和谐 余额 石头 马路 常用 常见 "
    "齐全 白领 龙头 程序 段时 严重 童装 项链 任务 任意 左右 向上 万元 路由 宽带 光纤 装维 施工 销售 "
    "维修 区域 大堂 产品 客户 部门 文件 尚未 曾经 付款 付费 "
    "田地 白金 叶子 安宁 黄色 钟点 米家 梅雨 夏天 季度 蓝牙 单机 卓越 万物 安静 申请 程度 房间 许多 "
    "何时 何必 伍佰 常年 余下 经常 向来 关键 单身 高新 "
    "高中 水管 管道 牛奶 包装 文化 文字 华东 华南 江苏 江西 江南 贺卡 雷达 石油 柴油 汤圆 游客 文书 "
    "戴工 戴着 金的 周一 周二 周三 周四 周五 周六 周日 周末 周年 周转 周岁 周边 周围 房主 "
    "户主 机主 本人 业主 老板 老婆 包邮 单人 双人".split()
)
_NOT_BEFORE = frozenset("对前后东西南北官地四八双多单")
"""With one of these before it, 方 and others are no family's name (对方, 官方)."""

_VERBS = frozenset("向任何时关于应万单")
"""Families' names that alone before a title are mostly other words (向老师请教)."""

_MISTER = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Madam|Sir)\.? [A-Z][\w'-]*(?: [A-Z][\w'-]+)?")
_CAPITAL = r"[A-Z][a-z'-]+(?: (?:[A-Z]\.|[A-Z][a-z'-]+)){0,2}"
_EN_NAMED = re.compile(
    rf"\b(?:[Mm]y (?:full |first |last |sur)?name(?:'s| is)|[Tt]he name(?:'s| is)|[Nn]ame:|"
    rf"[Ss]peaking (?:with|to)|[Ss]peak (?:with|to)|[Ii]s (?:this|that)|[Aa]re you|"
    rf"[Aa]ccount holder(?: is|:)?|[Ii]n the name of|[Mm]y (?:wife|husband|son|"
    rf"daughter|mother|father|brother|sister)(?:'s name)? is|[Tt]his is|[Ii]'m|I am|[Aa]sk for)"
    rf" (?P<name>{_CAPITAL})(?P<own>,? (?:from|at|with|calling|here from) )?"
)
_EN_INTRODUCES = re.compile(r"(?:my (?:full |first |last )?name|this is|I'm|I am)", re.IGNORECASE)
_EN_NO_NAMES = frozenset(
    "I The This That It We You They Yes No Not Just So And But Sorry Sure Okay OK Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February "
    "March April May June July August September October November December English British American "
    "Internet Wi Fibre Broadband Premium Basic London".split()
)


def find(text: str, language: str = "zh", agent: tuple[tuple[int, int], ...] = ()) -> Iterator[Span]:
    """`agent`: stretches of the text that the agent says, where an introduction is their own."""
    if language == "en":
        yield from _english(text, agent)
        return
    for pattern in (_TITLED, _BRIEFLY, _LITTLE, _SURNAME):
        for found in pattern.finditer(text):
            yield from _chinese(text, found, titled=pattern is _TITLED, agent=agent)
    for pattern in (_NAMED, _CALLED, _ASKED, _SOUGHT, _I_AM, _ANSWERED):
        for found in pattern.finditer(text):
            yield from _whole(text, found, agent)


def _chinese(text: str, found: re.Match[str], *, titled: bool, agent: tuple[tuple[int, int], ...]) -> Iterator[Span]:
    start, end = found.span("name")
    if _own(text, start, agent) or text[start - 1 : start] in _NOT_BEFORE or (titled and text[start:end] in _VERBS):
        return
    if titled and not _begins_word(text, start, end):
        return
    yield Span("name", start, end)


def _whole(text: str, found: re.Match[str], agent: tuple[tuple[int, int], ...]) -> Iterator[Span]:
    """A family's and a given name without a title: as long as the words of the sentence make it one."""
    start, end = found.span("name")
    if _own(text, start, agent) or text[start : start + 2] in _NO_NAMES:
        return
    end = _name_end(text, start, end)
    if end - start == 3 and text[end - 1] in _ONE and _AFTER_NAME.match(text, end):
        end -= 1  # 冯燕冯女士: the family's name once more, before the title
    if end - start >= 2 and not _everyday(text[start:end]):
        yield Span("name", start, end)


@lru_cache(maxsize=2000)
def _everyday(name: str) -> bool:
    """Whether a dictionary knows the signs as a word that is no name (周转, 周六)."""
    words = rjieba.tag(name)
    return len(words) == 1 and words[0][1][:2] not in ("nr", "nz", "nt")


def _begins_word(text: str, start: int, end: int) -> bool:
    """Whether a word begins where the name would, and it is no everyday word (安装师傅, 项目经理)."""
    name = text[start:end]
    if name[:2] in _NO_NAMES or name in _NO_NAMES or text[start : start + 2] in _NO_NAMES:
        return False
    before = text[start - 1 : start]
    return not (before and before + text[start] in _JOINED)


_JOINED = frozenset(
    "身房 健房 老金 养老 大小 年龄 全文 中文 英文 语文 公安 平安 保安 治安 西安 晚安 早安 不安 公关 "
    "有关 机关 相关 开关 "
    "海关 方向 倾向 一向 转向 朝向 意向 支付 应付 垫付 预付 "
    "交付 容易 交易 不易 贸易 平易 主管 保管 尽管 不管 掌管 提高 最高 太高 更高 较高 升高 清单 订单 "
    "账单 简单 名单 菜单 保单 下单 买单 工单 地方 双方 官方 对方 "
    "多方 四方 前方 后方 厂房 住房 购房 买房 租房 二房 机房 新房 玉米 小米 大米 平米 毫米 厘米 百万 "
    "千万 十万 一万 两万 几万 好马 表白 明白 空白 坦白 健康 小康 "
    "责任 信任 主任 担任 现任 前任 千金 现金 奖金 资金 押金 租金 定金 黄金 基金 白金 老龙 水龙 奶牛 "
    "吹牛 中华 年华 精华 春季 四季 换季 包包 钱包 面包 红包 打包 "
    "课程 工程 过程 流程 行程 里程 时段 阶段 手段 路段 片段 其余 剩余 多余 业余 长江 珠江 回应 何况 "
    "如何 任何 为何 几何 岩石 宝石 钻石".split()
)


def _name_end(text: str, start: int, end: int) -> int:
    """A name of three signs is cut to two where the third begins another word (张伟吗 never gets here, 张伟家 does)."""
    tail = text[start : end + 3]
    if end - start < 3 or re.match(_TWO, tail):
        return end
    words = _words(tail)
    length = 0
    for word in words:
        if length + len(word) > end - start:
            return start + length if length >= 2 else end
        length += len(word)
        if length == end - start:
            return end
    return end


@lru_cache(maxsize=2000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word, _ in rjieba.tag(text))


def _own(text: str, at: int, agent: tuple[tuple[int, int], ...]) -> bool:
    """Whether a name is the agent's own: said in the way of an introduction, by the agent where it is known who speaks.

    A customer says 我叫… too: where speakers are known only the agent's stretches count, and where they are not, a
    company or a post has to stand before the name.
    """
    line = text[max(0, at - 24, text.rfind("\n", 0, at) + 1) : at]
    clause = re.split("[，。！？,.?!\n]", line)[-1]
    if _says(agent, at, len(text)):
        if line.endswith(("姓", "姓的是", "姓是")):
            return _OTHERS.search(line[-12:]) is None
        return _OWN.search(line) is not None and _ASKING.search(clause) is None
    return (
        _TITLES_OF_OWN.search(clause) is not None
        or re.search("(?:是|在)[^，。]{2,10}(?:公司|中心|通信|集团|营业厅)的?[小老]?$", clause) is not None
    )


def _says(agent: tuple[tuple[int, int], ...], at: int, most: int) -> bool:
    """Whether it is the agent who says what stands at a place."""
    place = bisect_right(agent, (at, most))
    return bool(place) and at < agent[place - 1][1]


def _english(text: str, agent: tuple[tuple[int, int], ...]) -> Iterator[Span]:
    for found in _MISTER.finditer(text):
        yield Span("name", *found.span())
    for found in _EN_NAMED.finditer(text):
        own = found["own"] or (_says(agent, found.start(), len(text)) and _EN_INTRODUCES.match(found[0]))
        if own or found["name"].split()[0] in _EN_NO_NAMES:
            continue
        yield Span("name", *found.span("name"))


def elsewhere(text: str, spans: tuple[Span, ...]) -> Iterator[Span]:
    """The same full names wherever else they stand, and their signs where they are explained (建设的建)."""
    for name in {text[span.start : span.end] for span in spans}:
        if len(name) >= 2 and name not in _NO_NAMES:
            for found in re.finditer(re.escape(name), text):
                yield Span("name", *found.span())
    for span in spans:
        for found in _SPELLED.finditer(text, span.end, span.end + _SPELLED_NEAR):
            if found["sign"] in text[span.start : span.end]:
                yield Span("name", *found.span())
    for found in _BUILT.finditer(text):
        yield Span("name", *found.span())
