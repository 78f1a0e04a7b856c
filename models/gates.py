"""When not to believe a recogniser: loops, impossible speed, low probability, phrases it learned from subtitles."""

import re
import zlib

from models.speech import Heard

_HAN = re.compile(r"[㐀-鿿]")
_WORDS = re.compile(r"[㐀-鿿]|[A-Za-z0-9']+")
# zlib over UTF-8, measured on Mandarin: sales talk 1.1–1.3, a looped phrase 1.8 and more (Whisper's 2.4 misses them).
_LOOP_RATIO = 1.8
_LONGEST_UNIT, _MOST_REPEATS = 12, 5
# Fast Mandarin reaches 7 characters a second, English 5 words.
_FASTEST_ZH, _FASTEST_EN = 9.0, 6.0
# Telephone Mandarin runs at 4 to 6 characters a second of speech; half of that is a lost stretch.
_SLOWEST_ZH, _SLOWEST_EN, _SPARSE_FROM = 2.2, 1.0, 6.0
_LOWEST_LOGPROB = -1.0
_SURE_LOGPROB = -0.5

_STOCK = re.compile(
    r"点赞.{0,4}(订阅|關注|关注|转发)|请不吝|打赏支持|明镜与点点|字幕(由|提供|制作|志愿|组|by)|中文字幕|amara\.?org|"
    r"(感谢|谢谢)(大家的?)?(观看|收看|收听)|订阅我的|下(集|期)(再见|节目)|优优独播|李宗盛|作词|作曲|编曲|"
    r"thanks? (you )?for watching|subscribe (to|for)|subtitles? by|see you (in the )?next (video|time)",
    re.IGNORECASE,
)


def trouble(heard: Heard, speech_seconds: float) -> str | None:
    """Why this cannot be what was said in so much speech: loop, speed, stock or doubt; None where nothing is odd."""
    text = heard.text
    if not _WORDS.search(text):
        return "speed" if speech_seconds > _SPARSE_FROM else None
    if is_loop(text):
        return "loop"
    if is_stock(heard, speech_seconds):
        return "stock"
    if too_fast(text, speech_seconds) or too_sparse(text, speech_seconds):
        return "speed"
    return "doubt" if heard.logprob < _LOWEST_LOGPROB else None


def is_loop(text: str) -> bool:
    """The same few words over and over (对对对 is speech, eight times the same sentence is not)."""
    units = _WORDS.findall(text)
    data = "".join(units).encode()
    if len(data) > 60 and len(data) / len(zlib.compress(data)) > _LOOP_RATIO:
        return True
    return any(_longest_run(units, size) >= _MOST_REPEATS for size in range(2, _LONGEST_UNIT + 1))


def is_stock(heard: Heard, speech_seconds: float) -> bool:
    """A subtitle phrase, in a short piece or with little confidence; a long sure sentence that holds one is kept."""
    if not _STOCK.search(heard.text):
        return False
    return speech_seconds < 5.0 or heard.logprob < _SURE_LOGPROB or heard.no_speech > 0.3


def too_fast(text: str, seconds: float) -> bool:
    """More words than a mouth can say; short pieces are spared, their limits are uncertain."""
    han = len(_HAN.findall(text))
    other = len(_WORDS.findall(text)) - han
    needed = han / _FASTEST_ZH + other / _FASTEST_EN
    return needed > 1.0 and needed > seconds + 0.5


def too_sparse(text: str, seconds: float) -> bool:
    """Far fewer words than so much speech holds: recognition stopped early, as it does over a list of hints."""
    han = len(_HAN.findall(text))
    other = len(_WORDS.findall(text)) - han
    return seconds > _SPARSE_FROM and han / _SLOWEST_ZH + other / _SLOWEST_EN < seconds


def _longest_run(units: list[str], size: int) -> int:
    """How often a unit of `size` words stands directly after itself, at most."""
    best = run = 0
    for i in range(size, len(units)):
        run = run + 1 if units[i] == units[i - size] else 0
        best = max(best, run)
    return best // size + 1 if best else 1
