"""Files damaged in the ways that damage and malice take. The same seed gives the same bytes."""

import io
import zipfile
from random import Random

_TELLING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_HEAD = 128
"""Bytes in which most formats keep the numbers that a reader believes."""


def mutated(content: bytes, random: Random, other: bytes = b"") -> bytes:
    """One to six changes anywhere; `other` lends pieces of another file."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 6)):
        change = random.choice((_flip, _number, _cut, _drop, _double, _swap, _zero, _noise, _borrow))
        change(changed, random, other)
        if not changed:
            break
    return bytes(changed)


def mutated_archive(content: bytes, random: Random) -> bytes:
    """A zip whose parts are damaged inside, lost, doubled or renamed; half the time its own bytes instead."""
    if random.random() < 0.3:
        return mutated(content, random)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = list(parts)
    for _ in range(random.randint(1, 3)):
        name = random.choice(names)
        deed = random.random()
        if deed < 0.75:
            parts[name] = mutated_text(parts.get(name, b""), random)
        elif deed < 0.9:
            parts.pop(name, None)
        else:
            parts[random.choice(("../" + name, name.upper(), name + ".bak", "/" + name))] = parts.get(name, b"")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue()


def mutated_text(content: bytes, random: Random) -> bytes:
    """Damage that leaves it text: what a parser gets to see the inside of."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 5)):
        at = random.randrange(len(changed) + 1)
        deed = random.random()
        if deed < 0.35:
            changed[at:at] = random.choice(_HOSTILE)
        elif deed < 0.6:
            end = min(len(changed), at + random.randint(1, 60))
            del changed[at:end]
        elif deed < 0.8:
            piece = bytes(changed[at : at + random.randint(1, 200)])
            changed[at:at] = piece * random.choice((1, 1, 2, 50))
        else:
            _flip(changed, random, b"")
    return bytes(changed)


_HOSTILE = (
    b"<", b">", b"&amp;", b"&x;", b"]]>", b"<!--", b"<!DOCTYPE a [<!ENTITY a 'b'>]>", b"</w:p>", b"<w:p>", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"}", b"[" * 500, b"- " * 300, b": ", b"&a ", b"*a", b"<<: *a", b"!!binary ",
    b"!!python/object:os.system ", b"---\n", b"\t", b"\r", b"\r\n\r\n", b'"', b"'", b"|" * 40, b"|---|---|\n",
    b"#" * 70, b"0" * 5000, b"1e999", b"-1", b".nan", b"~", b"?", b"%", b"@", b"`", "话术".encode(),
    "客户说".encode("gbk"), b"\xf0\x9f\x98\x80", "\u202e\u200b".encode(), b"=HYPERLINK(1)", b"=1+1|cmd", b"a" * 20000,
)  # fmt: skip


def _flip(content: bytearray, random: Random, _: bytes) -> None:
    for _ in range(random.randint(1, 8)):
        if content:
            content[_place(content, random)] ^= 1 << random.randrange(8)


def _number(content: bytearray, random: Random, _: bytes) -> None:
    """A number that headers lie with, in either order of bytes."""
    width, at = random.choice((1, 2, 4)), _place(content, random)
    value = random.choice(_TELLING) & ((1 << 8 * width) - 1)
    content[at : at + width] = value.to_bytes(width, random.choice(("little", "big")))


def _cut(content: bytearray, random: Random, _: bytes) -> None:
    del content[random.randrange(len(content) + 1) :]


def _drop(content: bytearray, random: Random, _: bytes) -> None:
    at = _place(content, random)
    del content[at : at + random.randint(1, 64)]


def _double(content: bytearray, random: Random, _: bytes) -> None:
    at = _place(content, random)
    content[at:at] = content[at : at + random.randint(1, 512)] * random.randint(1, 8)


def _swap(content: bytearray, random: Random, _: bytes) -> None:
    one, other, size = _place(content, random), _place(content, random), random.randint(1, 32)
    content[one : one + size], content[other : other + size] = content[other : other + size], content[one : one + size]


def _zero(content: bytearray, random: Random, _: bytes) -> None:
    at, size = _place(content, random), random.randint(1, 256)
    content[at : at + size] = bytes(len(content[at : at + size]))


def _noise(content: bytearray, random: Random, _: bytes) -> None:
    at = _place(content, random)
    content[at:at] = random.randbytes(random.randint(1, 64))


def _borrow(content: bytearray, random: Random, other: bytes) -> None:
    if other:
        start = random.randrange(len(other))
        at = _place(content, random)
        content[at:at] = other[start : start + random.randint(1, 256)]


def _place(content: bytearray, random: Random) -> int:
    """Every other time in the head."""
    if not content:
        return 0
    return random.randrange(min(len(content), _HEAD) if random.random() < 0.5 else len(content))
