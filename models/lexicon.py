"""Closed word classes of spoken Chinese and English: particles, question words, courtesies, fillers.

Only words that a grammar lists and no campaign changes. Product words, objections and forbidden phrases belong to
libraries and never here.
"""

BACKCHANNELS = {
    "zh": (
        r"(嗯+|啊+|哦+|噢+|喔+|呃+|哎+|诶+|欸+|唉+|哈+|呵+|对+|是+的?|好+的?|行+|成|中|好嘞|好吧|行吧|没错"
        r"|这样啊?|明白|知道了?|晓得了?|懂了?|可以)"
    ),
    "en": r"(?:uh[- ]?huh|mm+|mhm+|hmm+|yeah|yes|yep|yup|ok(?:ay)?|right|sure|i see|got it|alright|oh|ah)",
}
"""What a listener says to show that he listens; one or several of them and nothing else make a back-channel."""

FILLERS = {
    "zh": (
        r"嗯+|呃+|额(?=[，,、。…\s]|$)|唔+|那个(?=[，,、。…]|$|那个|就是|呃|嗯)|这个(?=[，,、。…]|$|这个|就是"
        r"|呃|嗯)|就是(?=[，,、。…]|$|就是|那个|呃|嗯)|那什么(?=[，,、。…]|$)|然后(?=[，,、。…]|$|然后|呃|嗯)"
        r"|怎么说呢"
    ),
    "en": r"\b(?:u+h+m*|u+m+|e+rm*|you know|i mean|sort of|kind of)\b",
}
"""Sounds and words that fill a pause. 那个, 这个, 就是 and 然后 count only where a pause or another filler follows."""

HESITATIONS = {
    "zh": r"呃+|额(?=[，,、。…\s]|$)|嗯+(?=[，,、])|那个(?=[，,、。…]|$)|就是(?=[，,、。…]|$)",
    "en": FILLERS["en"],
}
"""The fillers that sound helpless when they come in numbers."""

COURTESIES = {
    "zh": {
        "greeting": (
            r"您好|你好|早上好|上午好|中午好|下午好|晚上好|早安|哈喽"
            r"|(?<=[姐哥叔姨总师生士])好(?=[，,。呀啊！]|$)|打扰|打搅|冒昧|麻烦|劳驾"
        ),
        "thanks": r"谢谢|多谢|感谢|谢啦|谢您|辛苦",
        "apology": r"不好意思|对不起|对不住|抱歉|见谅|包涵|打扰|打搅|怪我|失礼|道(?:个)?歉",
        "farewell": r"再见|再会|拜拜|回见|慢走|祝您|祝你|保重|回聊|挂了",
        "regard": (
            r"理解|明白您|体会|体谅|难怪|应该的|有道理|在理|说得对|说得是|问得好|问得对|换(?:了|成|作|做)?我"
            r"|搁谁|换谁|谁都|辛苦|不容易|确实|没问题|不着急|不急|您先忙|不耽误"
        ),
    },
    "en": {
        "greeting": (
            r"\b(?:hello|hi|good (?:morning|afternoon|evening)|sorry to (?:bother|trouble|disturb)|excuse "
            r"me)\b"
        ),
        "thanks": r"\b(?:thanks|thank you|appreciate)\b",
        "apology": r"\b(?:sorry|apologi[sz]e|pardon|my fault)\b",
        "farewell": r"\b(?:goodbye|bye|take care|have a (?:nice|good|great)|talk (?:to you )?soon)\b",
        "regard": (
            r"\b(?:understand|i hear you|fair enough|makes sense|good (?:point|question)|of course|i see|no "
            r"(?:problem|rush)|totally)\b"
        ),
    },
}

NEGATIONS = {
    "zh": (
        r"(?<![是要能会行好成对可可以])不(?!过|仅|但|管|错|一样|好意思)|没(?!错|问题|关系|事)|别(?!人|家|的"
        r"|处|墅|克)|甭|未|无法|勿|从不|不许|不要|不能|不会"
    ),
    "en": r"\b(?:not|no|never|none|nobody|nothing|cannot|without)\b|n't\b",
}

_WEEKDAY = r"(?:下下?|这|本)?(?:周|星期|礼拜)[一二三四五六日天末]"
_DAY = (
    r"今天|今儿|今晚|明天|明儿|明早|明晚|后天|大后天|下周|下个?月|月底|过[两几]天|这两天"
    r"|[一二三四五六七八九十\d]+[号日]"
)
_HOUR = (
    r"[一二两三四五六七八九十\d]{1,3}点(?:半|钟|[一二三四五六七八九十\d]+分?)?|早上|上午|中午|晌午|下午|傍晚"
    r"|晚上|午休"
)
TIMES = {
    "zh": f"{_WEEKDAY}|{_DAY}|{_HOUR}",
    "en": r"\b(?:(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tonight|tomorrow|next (?:week|month)|"
    r"\d{1,2}(?::\d\d)? ?(?:am|pm|o'clock)|morning|afternoon|evening|noon)\b",
}
"""Days and hours by which people fix a next step."""

ASSENTS = {
    "zh": (
        r"^(?:嗯+|哦+|啊|哎|那|就|也)*[，,]?(?:好|行|可以|成(?!天)|中(?!午|间)|对|是|没问题|没事|方便|得空"
        r"|有空|能|要得|同意|当然|没错|愿意|来吧|办吧|办一个|记住|记下|就这|就那|那就)"
    ),
    "en": (
        r"^(?:oh |well |um |uh )*(?:yes|yeah|yep|sure|ok|okay|fine|alright|all right|of course|sounds good"
        r"|that works|go ahead|please do)\b"
    ),
}
"""How a turn begins that says yes."""

DENIALS = {
    "zh": r"^(?:嗯|哦|哎|那)*[，,]?(?:先?别|先?不(?!过|错|是|就是|客气)|没(?:空|兴趣|必要)|算了|免了|用不着)",
    "en": r"^(?:oh |well |um |uh )*(?:no\b|not\b|don't|never)",
}

VOICEMAIL = {
    "zh": (
        r"留言|语音信箱|语音助手|您(?:拨打|呼叫)的(?:用户|号码|电话)|暂时无法接通|无人接听|正在通话中|已关机"
        r"|空号|停机|嘀声|嘟声|秘书"
    ),
    "en": (
        r"voice ?mail|leave (?:a|your) message|after the (?:tone|beep)|(?:is|are) (?:not|un)available|number "
        r"you (?:have )?dialed"
    ),
}
"""What a machine says in place of the called person."""
