"""Bylines, agencies and sources on lines of their own: '| وكالات', 'By A. Writer', 'Source: X'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.articles.furniture import label, vocabulary

_AGENCIES = vocabulary("""
وكالات | الوكالات | وكالات أنباء | وكالة الأنباء | رويترز | أ ف ب | فرانس برس | وكالة فرانس برس
أ ب | أسوشيتد برس | اسوشيتد برس | د ب أ | الأناضول | وكالة الأناضول | سانا | وكالة سانا | سبوتنيك
تاس | نوفوستي | إنترفاكس | شينخوا | واس | وام | قنا | كونا | بنا | بترا | وفا | واج | وات | أ ش أ
ش أ | إرنا | فارس | تسنيم | يو بي آي | مواقع | متابعات | وكالات ومواقع | روسيا اليوم | reuters
ap | afp | upi | dpa | tass | ria novosti | interfax | xinhua | anadolu agency | sana | efe | ansa
agencies | news agencies | wire reports | wire services | agence france presse | associated press
the associated press | bloomberg | sputnik | рейтер | тасс | риа новости | интерфакс | агентства
ajanslar | aa | anka | iha | dha | agences | agencias | agenturen
""")
_DESKS = vocabulary("""
المحرر | المحررة | التحرير | هيئة التحرير | المحرر السياسي | المحرر… | محرر الشؤون… | محرر…
قسم الأخبار | القسم السياسي | قسم… | غرفة الأخبار | فريق التحرير | رئيس التحرير | editor | editors
editorial | editorial staff | editorial board | staff | staff writer | staff writers
staff reporter | staff report | newsroom | news desk | web desk | la rédaction | rédaction
avec agences | редакция | haber merkezi | redacción | redaktion
""")
_REPORTERS = vocabulary("""
مراسلنا | مراسلتنا | مراسل… | مراسلة… | مراسلونا | خاص | خاص… | كتب | كتبت | correspondent
our correspondent | special correspondent | special to… | exclusive to…
""")
_BY = re.compile(
    r"^\W*(?P<cue>بقلم|كتبت?|إعداد|اعداد|تحرير|ترجمة|الكاتبة?|المصدر|المصادر|by|written by"
    r"|reported by|author|source|par|auteur|автор|источник|yazar|kaynak|por|autor|fuente|von|quelle"
    r"|نویسنده|منبع)"
    r"(?P<mark>\s*[:：/–—-]\s*|\s+)(?P<name>\S.*)$",
    re.IGNORECASE,
)
_WITHOUT_MARK = frozenset({"بقلم", "by", "written by", "reported by"})
"""Cues that need no colon, being no first word of a headline or sentence with a capital after."""
_SOURCES = frozenset(
    {"المصدر", "المصادر", "source", "источник", "kaynak", "fuente", "quelle", "منبع"}
)
_MAST = re.compile(r"^(?:صحيفة|جريدة|مجلة)\s+(?P<name>\S+(?:\s+\S+)?)$")
_DIVIDER = re.compile(r"\s*[|–—/•]\s*|\s+-\s+|\s*[,،]\s*")
_AFTER_NAME = re.compile(rf"{_DIVIDER.pattern}|\s*\d")
_LONGEST = 9
"""Words of a credit."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What a credit line says of who wrote the article and who prints it."""

    outlet: str | None = None
    author: str | None = None


def is_credit(text: str) -> bool:
    """Whether a line does nothing but name a writer, an agency or an outlet."""
    return read_credit(text) is not None


def read_credit(text: str) -> Credit | None:
    """The credit of a line, or None for any other line; names stay as they are written."""
    stripped = text.strip()
    if (
        len(stripped) > 120
        or len(stripped.split()) > _LONGEST
        or stripped.endswith((".", "؟", "?"))
    ):
        return None
    for read in (_from_mast, _from_cue, _from_parts, _from_bar):
        credit = read(stripped)
        if credit is not None:
            return credit
    return None


def _from_mast(text: str) -> Credit | None:
    """'صحيفة الوطن' is the outlet الوطن: pages write the same name with and without the noun."""
    match = _MAST.match(text)
    return Credit(outlet=match["name"]) if match else None


def _from_cue(text: str) -> Credit | None:
    match = _BY.match(text)
    if not match:
        return None
    cue = match["cue"].lower()
    name = _AFTER_NAME.split(match["name"].strip(), maxsplit=1)[0]
    has_mark = bool(match["mark"].strip())
    if not _is_name(name) or not (has_mark or cue in _WITHOUT_MARK):
        return None
    if cue in _SOURCES:
        mast = _MAST.match(name)
        return Credit(outlet=mast["name"] if mast else name)
    return Credit(author=name)


def _is_name(text: str) -> bool:
    """One to five words; Latin ones with a capital, so that 'By the end of May' is none."""
    return 1 <= len(text.split()) <= 5 and not text[0].islower()


def _from_parts(text: str) -> Credit | None:
    """'Outlet – Editor', 'Agency', 'Place - Agency': at least one part is a known role."""
    parts = [part for part in _DIVIDER.split(text.strip("|()[] \u00a0•-–—")) if part]
    if not 1 <= len(parts) <= 3 or any(len(part.split()) > 4 for part in parts):
        return None
    labels = [label(part) for part in parts]
    others = [p for p, known in zip(parts, labels, strict=True) if not _is_role(known)]
    if len(others) == len(parts) or len(others) > 1:
        return None
    roles = [p for p in parts if p not in others]
    has_desk = any(known in _DESKS for known in labels)
    # Before an agency or a correspondent stands the place; before a desk, the outlet.
    return Credit(outlet=others[0] if others and has_desk else None, author="، ".join(roles))


def _is_role(known: str) -> bool:
    return known in _AGENCIES or known in _DESKS or known in _REPORTERS


def _from_bar(text: str) -> Credit | None:
    """'| Name': a bar before a few words is how pages divide the byline from what they dropped."""
    name = text.lstrip("|").strip()
    if not text.startswith("|") or not name or len(name.split()) > 4:
        return None
    return Credit(author=name)
