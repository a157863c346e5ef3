"""What people may type as a name, in any script: which characters, and how many of them somebody sees.

Characters by the Unicode Standard, section 23.2 and following; what is seen as one, after its annex 29 (grapheme clusters).
"""

import unicodedata
from functools import lru_cache

MOST_PARTS = 8  # code points of one character that is seen: a family is seven
# Unseen, but scripts and emoji are spelled with them: zero-width space (Khmer, Thai), non-joiner (Persian), joiner (Hindi,
# families), the marks of direction that word processors write, and the tags of flags such as Scotland's.
JOINER = "\u200d"
SPELLING = {"\u200b", "\u200c", JOINER, "\u200e", "\u200f", "\u061c", *map(chr, range(0xE0020, 0xE0080))}
SIGNS = set(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)  # format, yet seen
BLANK = set("\u115f\u1160\u3164\uffa0\u2800")  # letters and a symbol without ink
SKINS = {*map(chr, range(0x1F3FB, 0x1F400))}
REGIONS = {*map(chr, range(0x1F1E6, 0x1F200))}  # two make a flag


def readable(text: str) -> bool:
    """Whether a text has only characters that can be read, or that spell others, and any that is seen unless it is empty.

    Control characters, breaks of lines, overrides and isolates of direction, surrogates and what is no character are none.
    """
    return all(map(_is_allowed, text)) and (not text or any(map(_is_seen, text)))


def length(text: str) -> int:
    """The number of characters that somebody sees in a text: one family, one flag, one letter with its accents."""
    count = parts = regions = 0
    before = ""
    for character in text:
        regions = regions + 1 if character in REGIONS else 0
        belongs = (
            character in SPELLING
            or character in SKINS
            or unicodedata.category(character).startswith("M")
            or (before == JOINER and unicodedata.category(character) in ("So", "Lo"))
            or (regions > 0 and regions % 2 == 0)
        )
        parts = parts + 1 if belongs and 0 < parts < MOST_PARTS else 1
        count += parts == 1
        before = character
    return count


@lru_cache(4096)
def folded(text: str) -> str:
    """A text without what the eye passes over: the same for “MLP full”, “mlp  FULL” and one with a joiner in it."""
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).casefold().split())


def _is_allowed(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return character in SPELLING or character in SIGNS
    return category not in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def _is_seen(character: str) -> bool:
    return character in SIGNS or (unicodedata.category(character)[0] in "LNPS" and character not in BLANK)
