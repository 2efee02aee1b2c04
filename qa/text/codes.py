"""Languages by what files call them: ISO 639 codes, English names, their own names."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.text.folding import fold

# The first of a line is the ISO 639-1 code, the others mean the same.
_NAMES = """
ar ara arabic العربية عربي عربية arabe arabisch arapça арабский
en eng english الإنجليزية إنجليزي إنجليزية anglais englisch ingilizce английский
fr fra fre french الفرنسية فرنسي فرنسية français
ru rus russian الروسية روسي روسية русский
tr tur turkish التركية تركي تركية türkçe
fa fas per persian farsi الفارسية فارسي فارسية فارسی
es spa spanish الإسبانية إسباني إسبانية español castellano
de deu ger german الألمانية ألماني ألمانية deutsch
ur urd urdu الأردية اردو
he heb hebrew العبرية عبري עברית
ku kur kmr kurmanji kurdish الكردية كردي kurdî
ckb sorani
ps pus pashto pushto البشتوية پښتو
it ita italian الإيطالية italiano
pt por portuguese البرتغالية português
nl nld dut dutch الهولندية nederlands
el ell gre greek اليونانية ελληνικά
hy hye arm armenian الأرمنية
az aze azerbaijani azeri
uk ukr ukrainian الأوكرانية українська
be bel belarusian
pl pol polish polski
cs ces cze czech čeština
sk slk slo slovak
sl slv slovene slovenian
hr hrv croatian
sr srp serbian
bs bos bosnian
bg bul bulgarian български
mk mkd mac macedonian
sq sqi alb albanian
ro ron rum romanian română
hu hun hungarian magyar
fi fin finnish suomi
sv swe swedish svenska
no nor norwegian norsk
da dan danish dansk
is isl ice icelandic
et est estonian
lv lav latvian
lt lit lithuanian
ga gle irish
eu eus baq basque
ca cat catalan
ka kat geo georgian
kk kaz kazakh
uz uzb uzbek
tg tgk tajik
ug uig uyghur
hi hin hindi
bn ben bengali bangla
pa pan punjabi panjabi
ta tam tamil
id ind indonesian
ms msa may malay
sw swa swahili kiswahili
so som somali
am amh amharic
ha hau hausa
zh zho chi chinese mandarin الصينية 中文
ja jpn japanese اليابانية 日本語
ko kor korean الكورية 한국어
vi vie vietnamese
th tha thai
"""
_CODE = re.compile(r"(?P<code>[a-z]{2,3})(?:[-_][a-z0-9_-]+)?")
_NAME = re.compile(r"(?P<name>[^\W\d_]+)(?: language)?(?: *[(\[-].*)?")


def language_code(name: str) -> str | None:
    """ISO 639-1 code (639-3 where there is none) of ar, ar-SY, ara, Arabic or العربية."""
    folded = fold(name.strip())
    known = _codes()
    if code := _CODE.fullmatch(folded):
        # Whatever else two letters stand for, they are a code.
        return known.get(code["code"], code["code"] if len(code["code"]) == 2 else None)
    found = _NAME.fullmatch(folded)
    return known.get(found["name"]) if found else None


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    lines = (line.split() for line in _NAMES.strip().split("\n"))
    return {fold(name): code for code, *names in lines for name in (code, *names)}
