"""What stands around an article on a newspaper's page, as words: buttons, forms, headings.

Entries are compared by `label`: folded, without punctuation, every number written as #. An entry
must never be a whole line of an article; one that ends in … matches lines that begin with it,
and must never begin a sentence of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.text.folding import fold

_NUMBER = re.compile(r"\d(?:[\d.,:]*\d)?")
_NEITHER_WORD_NOR_NUMBER = re.compile(r"[^\w#]+|_+")


def label(line: str) -> str:
    """A line reduced to what furniture is told by: '(0) تعليقات' and '12 تعليقات' are one."""
    return _NEITHER_WORD_NOR_NUMBER.sub(" ", _NUMBER.sub(" # ", fold(line))).strip()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Lines known word for word, and beginnings of lines."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, label: str) -> bool:
        return label in self.whole or f"{label} ".startswith(self.beginnings)


def vocabulary(entries: str) -> Vocabulary:
    """From entries divided by | and line ends."""
    parts = [part.strip() for part in re.split(r"[|\n]", entries)]
    return Vocabulary(
        frozenset(label(part) for part in parts if part and not part.endswith("…")),
        tuple(f"{label(part)} " for part in parts if part.endswith("…")),
    )


BUTTONS = vocabulary("""
زر الذهاب إلى الأعلى | العودة إلى الأعلى | إلى الأعلى | أعلى الصفحة | العودة للرئيسية | الرئيسية
الصفحة الرئيسية | طباعة | اطبع | نسخة للطباعة | طباعة المقال | طباعة الخبر | إرسال | أرسل لصديق
إرسال إلى صديق | إرسال بالبريد الإلكتروني | حفظ | مشاركة | شارك | شاركها | شارك هذا | مشاركة عبر
شارك المقال | شارك الخبر | شارك الموضوع | شارك هذا المقال | شارك هذا الخبر | شارك على | شارك عبر
مشاركة عبر البريد | فيسبوك | تويتر | واتساب | تيلقرام | تيليجرام | تلغرام | لينكدإن | بينتيريست
ماسنجر | انستغرام | يوتيوب | نسخ الرابط | انسخ الرابط | رابط مختصر | الرابط المختصر
تم نسخ الرابط | حجم الخط | تكبير الخط | تصغير الخط | صغير | كبير | استمع | استمع للمقال | استماع
إغلاق | القائمة | بحث | البحث | تسجيل الدخول | دخول | تسجيل | اشترك الآن | اشترك | متابعة | تابعنا
تابعونا | تابعنا على | تابعونا على | تابعنا على فيسبوك | تابعنا على تويتر | السابق | التالي
المقال السابق | المقال التالي | الخبر السابق | الخبر التالي | اقرأ المزيد | المزيد | عرض المزيد
إظهار المزيد | شاهد المزيد | أخبار عاجلة | عاجل | مشاهدة | مشاهدات | # مشاهدة | # مشاهدات
مشاهدات # | المشاهدات | المشاهدات # | عدد المشاهدات | عدد المشاهدات # | عدد القراءات # | قراءة #
قراءات # | # قراءة | عدد الزيارات # | # زيارة | # دقيقة قراءة | دقيقة واحدة | # دقائق
أقل من دقيقة | وقت القراءة # | وقت القراءة # دقائق | وقت القراءة # دقيقة | # إعجاب | # مشاركة
الصورة | صورة أرشيفية | حمل التطبيق | جديد الموقع | إعلان | إعلانات | تم النسخ | skip to content
skip to main content | menu | search | home | home page | log in | login | sign in | sign up
register | subscribe | subscribe now | donate | close | print | print this page | print article
email | email this | email this article | share | share this | share this article
share this story | share on facebook | share on twitter | share on x | share via email | tweet
facebook | twitter | whatsapp | telegram | linkedin | pinterest | reddit | messenger | instagram
youtube | copy link | link copied | save | save article | bookmark | listen | listen to article
listen to this article | play audio | font size | text size | back to top | go to top
scroll to top | top | next | previous | next article | previous article | next story
previous story | next post | previous post | read more | show more | load more | view all
see all | more | breaking news | follow us | follow | views | # views | views # | # view
# shares | # likes | # min read | # minute read | # minutes read | reading time # minutes
reading time # min | # comment | # comments | comments # | no comments | advertisement
advertisements | ad | sponsored | sponsored content | promoted | add as preferred on google
accueil | imprimer | partager | partager sur facebook | partager sur twitter | envoyer par email
envoyer | enregistrer | s'abonner | je m'abonne | se connecter | connexion | haut de page
retour en haut | lire la suite | lire plus | suivant | précédent | article suivant
article précédent | # vues | # commentaires | # commentaire | publicité | lecture # min
temps de lecture # min | главная | поделиться | печать | распечатать | версия для печати | наверх
вверх | подписаться | войти | регистрация | далее | читать далее | следующая статья
предыдущая статья | # комментариев | # комментария | # комментарий | просмотров # | # просмотров
реклама | вконтакте | телеграм | ana sayfa | anasayfa | paylaş | facebook'ta paylaş | yazdır
yukarı çık | başa dön | giriş yap | abone ol | devamını oku | sonraki haber | önceki haber
# yorum | # görüntülenme | okunma # | reklam | inicio | compartir | imprimir | suscríbete
iniciar sesión | leer más | siguiente | anterior | publicidad | # comentarios | startseite
teilen | drucken | abonnieren | anmelden | weiterlesen | nach oben | anzeige | # kommentare | خانه
اشتراک گذاری | چاپ | بازگشت به بالا | ادامه مطلب | تبلیغات
""")

COMMENT_FORMS = vocabulary("""
اترك تعليقا | اترك تعليق | اترك تعليقك | اترك ردا | اترك رد | أضف تعليق | أضف تعليقا | أضف تعليقك
إضافة تعليق | اكتب تعليقا | اكتب تعليقك | شاركنا برأيك | أضف تعليق أنت تعلق كزائر… | إلغاء الرد
اترك تعليقا إلغاء الرد | لن يتم نشر عنوان بريدك الإلكتروني… | كن أول من يعلق | كن أول من يعلق…
يجب أن تكون مسجلا للدخول… | يجب أنت تكون مسجل الدخول… | لإضافة تعليق يجب… | leave a comment
leave a reply | leave a reply cancel reply | leave a response | post a comment | add a comment
add comment | write a comment | join the conversation | join the discussion
be the first to comment | your email address will not be published… | you must be logged in to…
log in to comment | sign in to comment | comments are closed | comments are closed…
laisser un commentaire | laissez un commentaire | ajouter un commentaire | poster un commentaire
votre adresse e-mail ne sera pas publiée… | votre adresse email ne sera pas publiée…
оставить комментарий | добавить комментарий | оставьте комментарий | написать комментарий
ваш адрес email не будет опубликован… | ваш e-mail не будет опубликован… | yorum yap | yorum yaz
yorum ekle | bir yorum yazın | bir cevap yazın | e-posta adresiniz yayınlanmayacak…
dejar un comentario | deja un comentario | deja una respuesta | kommentar schreiben
kommentar hinterlassen | schreibe einen kommentar | ارسال نظر | نظر بدهید | دیدگاه شما
""")

AFTERMATH = vocabulary("""
التعليقات | تعليقات | تعليقات القراء | تعليقات الزوار | التعليقات # | # تعليقات | # تعليق
تعليق # | لا توجد تعليقات | لا يوجد تعليقات | تعليق واحد | مقالات ذات صلة | مقال ذو صلة
أخبار ذات صلة | مواضيع ذات صلة | موضوعات ذات صلة | ذات صلة | مواد ذات صلة | محتوى ذو صلة
روابط ذات صلة | مقالات مشابهة | أخبار مشابهة | مواضيع مشابهة | أخبار متعلقة | مواضيع متعلقة
اقرأ أيضا | إقرأ أيضا | اقرأ ايضا في | اقرأ المزيد حول | اقرأ كذلك | شاهد أيضا | قد يعجبك أيضا
قد يهمك | قد يهمك أيضا | قد تعجبك أيضا | مقالات أخرى | أخبار أخرى | المزيد من الأخبار
المزيد من المقالات | الأكثر قراءة | الأكثر مشاهدة | الأكثر تعليقا | الأكثر تداولا | آخر الأخبار
أحدث الأخبار | أحدث المقالات | مختارات | اخترنا لكم | اخترنا لك | من نفس القسم
المزيد في هذا القسم | مواضيع مقترحة | وسوم | الوسوم | الكلمات المفتاحية | كلمات مفتاحية
كلمات دلالية | الكلمات الدلالية | نبذة عن الكاتب | عن الكاتب | comments | reader comments
related | related articles | related stories | related news | related posts | related content
related topics | related links | related coverage | read also | also read | read next
you may also like | you might also like | you may like | recommended | recommended for you
more from | more news | more stories | more on this story | more on this topic | more like this
most read | most popular | most viewed | most commented | trending | trending now | latest news
latest stories | top stories | don't miss | editor's picks | in this section | from our partners
around the web | tags | topics | about the author | keywords | commentaires | les commentaires
à lire aussi | lire aussi | sur le même sujet | articles liés | articles similaires | voir aussi
les plus lus | à lire également | mots-clés | комментарии | читайте также | читать также
похожие статьи | похожие новости | по теме | материалы по теме | новости по теме | самое читаемое
популярное | теги | ещё по теме | смотрите также | yorumlar | ilgili haberler | benzer haberler
bunlar da ilginizi çekebilir | en çok okunanlar | etiketler | diğer haberler | comentarios
noticias relacionadas | artículos relacionados | lea también | te puede interesar | lo más leído
etiquetas | kommentare | ähnliche artikel | lesen sie auch | mehr zum thema
das könnte sie auch interessieren | meistgelesen | schlagwörter | مطالب مرتبط | اخبار مرتبط
بیشتر بخوانید | نظرات | برچسب ها
""")

FORM_FIELDS = vocabulary("""
إلغاء الرد | اترك تعليقا إلغاء الرد | لن يتم نشر عنوان بريدك الإلكتروني…
يجب أن تكون مسجلا للدخول… | أضف تعليق أنت تعلق كزائر… | يجب أنت تكون مسجل الدخول…
لإضافة تعليق يجب… | اكتب رمز الأمان | اكتب رمز التحقق | أدخل رمز الأمان… | أدخل رمز التحقق…
رمز الأمان | رمز التحقق | اكتب الحروف الظاهرة… | أنا لست روبوت | الحقول الإلزامية مشار إليها…
الاسم | الموقع الإلكتروني | احفظ اسمي بريدي الإلكتروني… | leave a reply cancel reply
your email address will not be published… | you must be logged in to… | comments are closed
comments are closed… | required fields are marked… | save my name email and website… | name
email address | website | enter the characters… | enter the code… | i'm not a robot
security code | captcha | type the code… | votre adresse e-mail ne sera pas publiée…
votre adresse email ne sera pas publiée… | les champs obligatoires…
ваш адрес email не будет опубликован… | ваш e-mail не будет опубликован…
обязательные поля помечены… | введите код… | e-posta adresiniz yayınlanmayacak… | gerekli alanlar…
güvenlik kodu
""")
"""Those of COMMENT_FORMS and NOTICES that stand in a form, and in no row of buttons."""

NOTICES = vocabulary("""
تنويه التعليقات… | التعليقات لا تعبر عن… | الآراء الواردة لا تعبر… | الآراء المنشورة لا تعبر…
المقالات المنشورة لا تعبر… | المقالات المنشورة تعبر عن رأي… | اكتب رمز الأمان | اكتب رمز التحقق
أدخل رمز الأمان… | أدخل رمز التحقق… | رمز الأمان | رمز التحقق | اكتب الحروف الظاهرة…
أنا لست روبوت | الحقول الإلزامية مشار إليها… | الاسم | البريد الإلكتروني | الموقع الإلكتروني
التعليق | احفظ اسمي بريدي الإلكتروني… | جميع الحقوق محفوظة | جميع الحقوق محفوظة…
كل الحقوق محفوظة | كافة الحقوق محفوظة | حقوق النشر محفوظة… | حقوق الطبع محفوظة… | اشترك في نشرتنا…
اشترك في النشرة… | اشترك في القائمة البريدية… | انضم إلى قناتنا… | تابع قناتنا على…
تابعوا قناتنا… | تابعونا عبر… | يستخدم هذا الموقع ملفات تعريف… | هذا الموقع يستخدم…
نستخدم ملفات تعريف الارتباط… | سياسة الخصوصية | سياسة الاستخدام | شروط الاستخدام | من نحن
اتصل بنا | للإعلان معنا | أعلن معنا | للتواصل معنا | الكلمات المفتاحية… | كلمات دلالية… | الوسوم…
عدد التعليقات # | لمتابعة آخر الأخبار… | copyright © | all rights reserved | all rights reserved…
required fields are marked… | save my name email and website… | name | email address | website
comment | enter the characters… | enter the code… | i'm not a robot | security code | captcha
type the code… | comments do not reflect… | comments do not represent…
subscribe to our newsletter… | subscribe to our channel… | sign up for our newsletter…
sign up to our newsletter… | sign up for the newsletter… | get our newsletter…
sign up for our daily… | follow us on… | like us on facebook… | find us on facebook
join our telegram… | download our app… | download the app… | this site uses cookies…
this website uses cookies… | we use cookies… | by continuing to use this site…
by using this site you agree… | privacy policy | terms of use | terms of service
terms and conditions | cookie policy | about us | contact us | advertise with us | filed under…
more about… | posted in | tous droits réservés | tous droits réservés… | suivez-nous sur…
abonnez-vous à… | inscrivez-vous à… | ce site utilise des cookies… | nous utilisons des cookies…
mentions légales | nous contacter | les champs obligatoires… | все права защищены
все права защищены… | подпишитесь на… | подписывайтесь на… | мы используем cookie…
этот сайт использует… | обязательные поля помечены… | политика конфиденциальности | введите код…
tüm hakları saklıdır | tüm hakları saklıdır… | bizi takip edin | bizi takip edin…
gerekli alanlar… | güvenlik kodu | gizlilik politikası | iletişim | todos los derechos reservados
todos los derechos reservados… | síguenos en… | este sitio utiliza cookies… | aviso legal
alle rechte vorbehalten | alle rechte vorbehalten… | folgen sie uns…
diese website verwendet cookies… | impressum | datenschutz | تمامی حقوق… | کلیه حقوق…
the views expressed in this… | the views expressed here… | the views expressed are…
the opinions expressed in this… | the opinions expressed here… | the opinions expressed are…
opinions expressed in this… | opinions expressed are… | opinions expressed by…
""")

SECTIONS = vocabulary("""
الأخبار | أخبار | سياسة | السياسة | اقتصاد | الاقتصاد | رياضة | الرياضة | ثقافة | الثقافة
ثقافة وفنون | فنون | منوعات | محليات | مجتمع | دولي | دولية | عربي | عربية | عالمية | العالم
عربي ودولي | عربي وعالمي | عرب وعالم | أخبار العالم | أخبار عربية | أخبار دولية | أخبار محلية
أخبار عربية ودولية | الشرق الأوسط | تقارير | تحقيقات | تحليل | تحليلات | رأي | آراء | مقالات
علوم | تكنولوجيا | صحة | حوادث | الأولى | الصفحة الأولى | قضايا | ملفات | فيديو | صور | بيانات
بيان صحفي | news | world | world news | politics | business | economy | sport | sports | culture
opinion | analysis | middle east | europe | africa | asia | americas | us news | uk news
international | national | local | technology | tech | science | health | entertainment
lifestyle | features | video | pictures | latest | top news | press release | exclusive
actualités | monde | politique | économie | société | opinions | débats | новости | в мире | мир
политика | экономика | общество | культура | спорт | происшествия | главное | haberler | gündem
dünya | siyaset | ekonomi | spor | kültür | yaşam | son dakika | noticias | mundo | política
economía | deportes | nachrichten | politik | wirtschaft | welt | kultur | اخبار | سیاسی | اقتصادی
جهان | ورزشی
""")

INTERRUPTIONS = vocabulary("""
إعلان | إعلانات | تابع القراءة | اقرأ أيضا | إقرأ أيضا | اقرأ المزيد | شاهد أيضا | advertisement
advertisements | story continues below | story continues below advertisement
article continues below | article continues below advertisement | article continues after ad
continue reading | read more | read also | also read | publicité | lire aussi | à lire aussi
реклама | читайте также | reklam | ilgili haber | anzeige | lesen sie auch | publicidad
lea también
""")
