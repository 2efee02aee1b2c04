from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.cleaning import clean, headline_from


@dataclass(frozen=True)
class Seed:
    """Where title and text stand in a seed's lines, and how its text begins and ends."""

    title: int
    first: int
    last: int
    begins: str
    ends: str


SEED_PAGES = {
    "000_8c1c864d118376be": Seed(
        0,
        2,
        32,
        "قالت الخارجية السورية إن الحكومة التركية دأبت منذ بدء الأزمة في سورية على القيام",
        "وأشارت إلى استهداف 16 موقعاً للتنظيم في محيط المدينة.",
    ),
    "001_01317e2837700f45": Seed(
        2,
        6,
        18,
        "طالب وزير الخارجية الروسي سيرغي لافروف كل الأطراف التي تقاتل التنظيمات الإرهابية",
        "غير أن تلك الميليشيات خرقت الاتفاق من خلال استهدافها لمواقع الجيش والمناطق الآمنة"
        " بالقذائف.",
    ),
    "002_f10f2db986368882": Seed(
        2,
        10,
        19,
        "اتفق وزير الخارجية الأميركي، جون كيري، ونظيره الروسي، سيرغي لافروف، على تبادل",
        "وهي منطقة تشهد أعمال عنف يومية في مسعى لإقامة دولة إسلامية هناك.",
    ),
    "003_7134a8dc5dcca6b8": Seed(
        0,
        2,
        64,
        "حذّر الرئيس الروسي فلاديمير بوتين كل من سيحاول استفزاز قوات بلاده المسلحة",
        "مؤكدة أن «الصعوبات معروفة جيداً بالنسبة إلى الأطراف المعنية».",
    ),
    "004_cf3dbfa4259b4b62": Seed(
        2,
        8,
        36,
        "أفاد البيت الأبيض أمس الأربعاء 16 أيلول/سبتمبر أنه يرحب بأي دعم روسي للتحالف",
        'عندها ستكون هناك إمكانية للتوصل إلى تسوية سياسية لا تشمل الأسد".',
    ),
}


@pytest.mark.parametrize("name", SEED_PAGES)
def test_seed_keeps_every_line_of_its_article_and_nothing_else(seeds: Path, name: str) -> None:
    raw = (seeds / f"{name}.txt").read_text(encoding="utf-8")
    lines, seed = raw.split("\n"), SEED_PAGES[name]
    page = clean(raw)
    assert page.title == lines[seed.title].strip()
    assert page.body == "\n".join(lines[seed.first : seed.last + 1])
    assert page.body.startswith(seed.begins)
    assert page.body.endswith(seed.ends)


def test_the_lines_taken_away_are_kept_aside(seeds: Path) -> None:
    page = clean((seeds / "002_f10f2db986368882.txt").read_text(encoding="utf-8"))
    assert page.head == ("الأخبار", "200")
    assert page.tail == ("-", "اخبار مصر", "مقالات ذات صلة", "زر الذهاب إلى الأعلى")


ENGLISH_TEXT = """\
Moscow said on Tuesday that any decision on Syria must respect its sovereignty.

What the ministers agreed

The two sides will share intelligence, Mr Kerry told reporters in Paris.
"We will comment on this later," he added.

Moscow
Washington

No date was set for the next round of talks."""

ENGLISH_PAGE = f"""\
Skip to content
Home
World
Russia and US agree to share intelligence
By John Smith
Tuesday 16 September 2015 10:30 GMT
Share on Facebook
1,204 shares
3 min read

{ENGLISH_TEXT}

12 Comments
Leave a Reply
Your email address will not be published. Required fields are marked *
Ivan: I think that this is wrong.

Related articles
Kerry to visit Moscow next week, aides say
Back to top
© 2015 The Daily Example. All rights reserved.
"""


def test_english_page() -> None:
    page = clean(ENGLISH_PAGE)
    assert page.title == "Russia and US agree to share intelligence"
    assert page.body == ENGLISH_TEXT


FRENCH = """\
Accueil
Monde
Moscou et Washington d'accord sur la Syrie
Publié le 1er août 2015 à 10h30 - Mis à jour le 2 août 2015
Partager sur Facebook

Le ministre a déclaré mardi que la souveraineté de la Syrie devait être respectée.

Aucune date n'a été fixée.

À lire aussi
Kerry attendu à Moscou
Laisser un commentaire
"""
RUSSIAN = """\
Главная
В мире
Москва и Вашингтон договорились об обмене данными
12 мая 2017 г.

Министр заявил во вторник, что суверенитет Сирии должен быть соблюдён.

Дата следующей встречи не назначена.

Поделиться
Читайте также
Керри прилетит в Москву
"""
TURKISH = """\
Ana Sayfa
Dünya
Moskova ve Washington istihbarat paylaşacak
Yayınlanma: 12 Ağustos 2016
Paylaş

Bakan salı günü Suriye'nin egemenliğine saygı gösterilmesi gerektiğini söyledi.

Bir sonraki toplantının tarihi belli değil.

0 Yorum
Yorum Yap
"""


@pytest.mark.parametrize(
    ("page", "title", "begins", "ends"),
    [
        (FRENCH, "Moscou et Washington d'accord sur la Syrie", "Le ministre", "fixée."),
        (RUSSIAN, "Москва и Вашингтон договорились об обмене данными", "Министр", "назначена."),
        (TURKISH, "Moskova ve Washington istihbarat paylaşacak", "Bakan", "değil."),
    ],
)
def test_pages_in_other_languages(page: str, title: str, begins: str, ends: str) -> None:
    cleaned = clean(page)
    assert cleaned.title == title
    assert cleaned.body.startswith(begins)
    assert cleaned.body.endswith(ends)
    assert len(cleaned.body.split("\n\n")) == 2


ABOUT_COMMENTS = """\
رفض المتحدث باسم الكرملين أي تعليق على تصريحات الوزير الأميركي.

لا تعليق

اكتفى الوزير بالقول إن التعليقات على القرار كثيرة.

التعليقات

وصلت إلى الوزارة تعليقات كثيرة على القرار، وطالب أصحابها بتعديله قبل نهاية الشهر الحالي.

أخبار
سياسة

اترك تعليقاً على هذا القرار، قال الوزير للصحافيين في ختام المؤتمر الصحافي.

وأضاف الوزير أن الرد سيكون في غضون أسبوع"""


def test_an_article_about_comments_loses_nothing() -> None:
    furniture = "اترك تعليقاً\n\n0 تعليقات\n"
    page = clean(f"موسكو ترفض التعليق على القرار\n\n{ABOUT_COMMENTS}\n\n{furniture}")
    assert page.title == "موسكو ترفض التعليق على القرار"
    assert page.body == ABOUT_COMMENTS


SHARE_BARS = [
    "Leave a comment\nShare",
    "12 Comments\nLeave a comment\nShare on Facebook\nTweet\nEmail\nPrint",
    "اترك تعليقاً\nمشاركة\nفيسبوك\nتويتر\nإرسال بالبريد الإلكتروني",
    "Leave a comment\n\nRead also\n\nTalks resume in Vienna",
    "Join the conversation\nSubscribe to our newsletter now",
    "Laisser un commentaire\nPartager",
    "Join the conversation\nComment\nSave",
]


@pytest.mark.parametrize("bar", SHARE_BARS)
def test_a_row_of_buttons_within_an_article_does_not_end_it(bar: str) -> None:
    above = [f"The minister said on day {n} that the talks would go on." for n in range(9)]
    below = [f"The parties met on day {n} and agreed on little more." for n in range(3)]
    page = clean("\n\n".join(["Talks go on in Vienna", *above, bar, *below]))
    assert all(sentence in page.body for sentence in above + below)


FORMS = [
    "Leave a comment\nName\nEmail address",
    "Leave a Reply\nYour email address will not be published. Required fields are marked *",
    "أضف تعليقاً\nالاسم\nالبريد الإلكتروني\nالتعليق",
    "التعليقات\nأضف تعليق أنت تعلق كزائر، لتتمكن من التعليق بـاسمك\nاكتب رمز الأمان",
    "Post a comment\nSort by\n3 Comments\nReader comments",
]


@pytest.mark.parametrize("form", FORMS)
def test_what_readers_write_below_a_form_goes(form: str) -> None:
    above = [f"The minister said on day {n} that the talks would go on." for n in range(9)]
    comment = "I think that this is wrong, and that he should not have said so."
    page = clean("\n\n".join(["Talks go on in Vienna", *above, form, "Ivan", comment]))
    assert page.body == "\n\n".join(above)


def test_a_last_sentence_without_its_full_stop_stays() -> None:
    text = "قال الوزير إن المحادثات مستمرة.\n\nوأضاف أنه سيعود"
    assert clean(f"عنوان الخبر هنا\n\n{text}\n\nاترك تعليقاً").body == text


def test_paragraphs_without_any_full_stop_stay() -> None:
    paragraph = " ".join(["قال الوزير إن المحادثات مستمرة في باريس"] * 4)
    text = f"{paragraph}\n\nإعادة الإعمار\n\n{paragraph} غداً\n\nونفى ذلك"
    assert clean(f"عنوان الخبر هنا\n\n{text}\n\nشارك\n\nزر الذهاب إلى الأعلى").body == text


def test_verse_and_short_answers_in_the_middle_stay() -> None:
    text = (
        "The poet read from her new book on Tuesday evening in Damascus.\n\n"
        "A city\nof dust\n***\nand of rain\n1\n2\n\n"
        "Share\n\nThe audience was silent for a long while after she had ended.\n\nNo\n\nYes\n\n"
        "She will read again in Paris next week."
    )
    assert clean(f"A poet returns home\n\n{text}\n\nTags\nPoetry\n").body == text


def test_bytes_within_lines_stay() -> None:
    text = "«القوات\u00a0الخاصة»  قالت\u200f إن…\u00a0 الأمر تم.\n\n\tوأضافت  ـ أمس ـ أنه ﷺ انتهى."
    assert clean(f"عنوان الخبر هنا\r\n\r\n{text}\r\n\r\n\u00a0\r\n").body == text


def test_an_advertisement_between_paragraphs_goes() -> None:
    page = clean("A title of words\n\nIt began on Monday.\n\nAdvertisement\n\nIt ended on Friday.")
    assert page.body == "It began on Monday.\n\n\nIt ended on Friday."


def test_byline_and_buttons_below_the_standfirst_go() -> None:
    standfirst, text = (
        "The parties meet for the third time.",
        "They began on Monday.\n\nThey go on.",
    )
    page = clean(f"Talks resume\n\n{standfirst}\n\nBy Ann Lee\nShare\nTweet\n\n{text}")
    assert page.body == f"{standfirst}\n\n\n{text}"


def test_text_alone_keeps_its_first_sentence() -> None:
    page = clean("Russia will not attend. It said so on Monday.\n\nNobody was surprised by that.")
    assert page.body.startswith("Russia will not attend.")
    assert page.title == "Russia will not attend. It said so on Monday."


def test_lines_broken_at_a_fixed_width_keep_the_first() -> None:
    text = (
        "MOSCOW (Reuters) - Russia said on Tuesday that it would go on\n"
        "with its support of the government in Damascus, and that any\n"
        "decision needed its consent."
    )
    page = clean(text)
    assert page.body == text
    assert page.title == "MOSCOW (Reuters) - Russia said on Tuesday that it would go on"


def test_a_short_headline_above_a_paragraph_without_stop() -> None:
    paragraph = " ".join(["قال الوزير إن المحادثات مستمرة في باريس"] * 4)
    page = clean(f"محادثات باريس\n\n{paragraph}\n\nونفى ذلك متحدث باسم الوزارة")
    assert page.title == "محادثات باريس"
    assert page.body.startswith(paragraph)


def test_a_question_as_headline() -> None:
    text = "قال الوزير إن المحادثات مستمرة.\n\nولم يحدد موعداً لها."
    page = clean(f"هل تتفق موسكو وواشنطن؟\n\n{text}")
    assert page.title == "هل تتفق موسكو وواشنطن؟"
    assert page.body == text


def test_a_headline_that_the_page_repeats_goes() -> None:
    page = clean("Talks resume in Vienna\n\nTalks resume in Vienna\n\nThey began on Monday.")
    assert page.body == "They began on Monday."


@pytest.mark.parametrize("raw", ["", "\n\n \n", "اترك تعليقاً\n\nزر الذهاب إلى الأعلى\n200\n"])
def test_nothing_but_furniture_is_an_empty_body(raw: str) -> None:
    assert clean(raw).body == ""


def test_a_single_line_is_title_and_text() -> None:
    page = clean("Talks resume in Vienna")
    assert (page.title, page.body) == ("Talks resume in Vienna", "Talks resume in Vienna")


def test_headline_from_cuts_between_words() -> None:
    assert headline_from("كلمة " * 50) == " ".join(["كلمة"] * 20) + "…"
    assert headline_from("short\nsecond") == "short"


PARAGRAPHS = st.lists(
    st.sampled_from(
        [
            "قال الوزير إن المحادثات مستمرة في باريس.",
            "وأضاف: «لن نعلق على الأمر».",
            "The minister said on Tuesday that talks would go on.",
            "“No comment,” he told reporters in Paris.",
            "Он заявил, что решение принято во вторник.",
        ]
    ),
    min_size=1,
    max_size=8,
)
FURNITURE = st.lists(
    st.sampled_from(
        "|\u00a0|اترك تعليقاً|زر الذهاب إلى الأعلى|200|-|Share|Leave a Reply|(0) تعليقات"
        "|Read also|جميع الحقوق محفوظة|12/5/2017|Все права защищены".split("|")
    ),
    max_size=8,
)


@given(above=FURNITURE, paragraphs=PARAGRAPHS, below=FURNITURE)
def test_any_furniture_around_any_paragraphs(
    above: list[str], paragraphs: list[str], below: list[str]
) -> None:
    text = "\n".join(paragraphs)
    page = clean("\n".join([*above, "عنوان الخبر الأول هنا", "", text, *below]))
    assert page.title == "عنوان الخبر الأول هنا"
    assert page.body == text
