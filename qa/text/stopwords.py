"""Words that carry no topic, by language, and the words that questions are asked with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qa.text.folding import fold


def _lists(words: dict[str, str]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({lang: frozenset(fold(text).split()) for lang, text in words.items()})


STOP_WORDS: Mapping[str, frozenset[str]] = _lists(
    {
        "ar": """
            من في على إلى عن مع منذ حتى بين خلال ضد نحو لدى عند عبر حول دون بدون رغم بعد قبل تحت
            فوق أمام وراء خلف حسب وفق بحسب بعض كل كلا جميع أي أية أن إن أنّ كأن لكن لأن ليت لعل لا
            ما لم لن ليس ليست ليسوا هو هي هم هن هما أنا أنت أنتم نحن إنه إنها إنهم أنه أنها أنهم
            أننا إننا أنني إنني بأن بأنه بأنها لأنه لأنها هذا هذه هذان هذين هاتان هاتين هؤلاء ذلك
            تلك أولئك ذاك هنا هناك الذي التي الذين اللذين اللذان اللتين اللواتي اللاتي كان كانت
            كانوا يكون تكون يكونوا سيكون ستكون قد لقد سوف ثم أو أم بل إذا إذ لو لولا لما كما مثل
            حيث حين حينما عندما بينما أيضا كذلك فقط جدا غير سوى إلا به بها بهم بهما له لها لهم
            لهما لنا لي لك لكم فيه فيها فيهم منه منها منهم عنه عنها عنهم عليه عليها عليهم إليه
            إليها إليهم معه معها معهم لديه لديها لديهم بينهم بينها بينهما وهو وهي وهم ولا وما ومن
            وفي وعلى وإلى وعن ومع وأن وإن وقد ولم ولن وكان وكانت فإن فقد فلا ولكن وذلك وهذا وهذه
            وهناك والذي والتي والذين بما مما فيما عما ممن لكي كي ذات ذو ذي هكذا عدة أما وأما كلما
            ريثما مهما بذلك لذلك كانا صار أصبح أصبحت ظل يا أل و ف ب ك ل
        """,
        "en": """
            a an the and or but nor so yet if then else than as of at by for from in into on onto
            off over under to up down out with within without about above after again against
            among around before behind below beneath beside besides between beyond during except
            inside near per since through throughout till toward towards until upon via while i me
            my mine myself we our ours ourselves you your yours yourself yourselves he him his
            himself she her hers herself it its itself they them their theirs themselves this that
            these those there here am is are was were be been being have has had having do does
            did doing done will would shall should can could may might must ought not no only own
            same such too very just also both each either neither any some all more most much many
            few less least other another because although though however thus hence moreover
            whether once ever never always already still even dont doesnt didnt isnt arent wasnt
            werent wont wouldnt cant couldnt shouldnt im ive ill id youre hes shes theyre weve
            theres thats lets
        """,
        "fr": """
            le la les un une des du de d l au aux a à et ou où mais donc or ni car ne n pas plus
            si en y dans sur sous par pour avec sans entre vers chez contre depuis pendant avant
            après dès jusque jusqu lors selon malgré parmi afin ainsi alors aussi très bien comme
            lorsque lorsqu puisque puisqu quoique ce c cet cette ces cela ceci ça celui celle ceux
            celles je j me m moi mon ma mes tu te t toi ton ta tes il elle on se s soi son sa ses
            lui nous notre nos vous votre vos ils elles leur leurs eux mien sien même mêmes autre
            autres tout toute tous toutes aucun aucune chaque plusieurs quelque quelques tel telle
            tels telles est suis es sommes êtes sont été être étant était étaient étais sera
            seront serait fut furent soit ai as avons avez ont avoir ayant avait avaient avais
            aura auront aurait eu fait faire peut peuvent doit encore déjà toujours jamais ici là
            dont
        """,
        "ru": """
            и в во не на я он она оно они мы вы ты с со к ко у о об обо от до по из за над под при
            про без для через между перед после около среди против ради а но да или ли же бы б то
            так тоже также если что чтобы потому поэтому хотя когда пока как это этот эта эти
            этого этой этому этим этом этих того тот та те той тому тем том тех такой такая такие
            такого его ее её ей ему им их них него нее неё нему ней ними меня мне мной нас нам
            нами вас вам вами тебя тебе себя себе собой мой моя мои мое наш наша наши наше ваш
            ваша ваши свой своя свои свое своего своей своих своим был была было были быть будет
            будут есть нет ни уже еще ещё только лишь даже очень более менее самый сам сама само
            сами весь вся все всё всего всех всем каждый другой другая другие один одна одно ведь
            вот там тут здесь тогда теперь потом который которая которое которые которого которой
            которых которым может можно надо нельзя
        """,
        "tr": """
            ve veya ya ile için ama fakat ancak lakin de da ki mi mı mu mü bir bu şu o bunlar
            şunlar onlar ben sen biz siz beni seni onu bizi sizi bana sana ona bize size onlara
            benim senim onun bizim sizin onların bunun şunun bunu şunu buna şuna bunda şunda onda
            bundan ondan kendi kendisi kendisini kendine gibi kadar göre doğru karşı rağmen önce
            sonra beri dolayı üzere hakkında üzerinde üzerine altında içinde arasında yanında daha
            en çok az pek her hiç bazı bütün tüm birçok birkaç diğer başka aynı şey değil var yok
            olan olarak oldu olduğu olduğunu olması olmak olur olacak olmuş olup ise idi imiş eğer
            çünkü hem ne hala hâlâ yine bile sadece yalnızca artık şimdi böyle şöyle öyle işte
            zaten ayrıca dahi etmek etti edildi eden edilen ederek tarafından
        """,
        "fa": """
            و در به از که را با برای تا بر این آن است بود شد شده می نمی های ها ای یا اما اگر نیز
            هم هر همه هیچ چند چنین چنان همین همان دیگر یک خود خویش او وی ما شما آنها آنان ایشان من
            تو باید شاید نه بی پس پیش روی زیر بالا میان بین درباره دربارهٔ طی علیه ضد نزد جز مگر
            ولی لیکن بلکه زیرا چون سپس هنوز فقط تنها بسیار خیلی بیش کم کرد کرده کردن کند کنند کنیم
            شود شوند شدن باشد باشند بودند بوده هستند هست نیست دارد دارند داشت داشته خواهد خواهند
            شدند کردند اینکه آنکه اینجا آنجا بدون همچنین توسط دارای برخی بعضی تمام
        """,
        "es": """
            el la los las un una unos unas lo al del de a ante bajo con contra desde durante en
            entre hacia hasta mediante para por según sin sobre tras y e o u pero sino mas ni que
            si no ya como cuando donde mientras porque pues aunque yo me mi mis mí tú te ti tu tus
            él ella ello ellos ellas se sí su sus nos nosotros nosotras nuestro nuestra nuestros
            nuestras vosotros vuestro os usted ustedes le les este esta esto estos estas ese esa
            eso esos esas aquel aquella aquello aquellos aquellas es son era eran fue fueron ser
            sido siendo será serán sería está están estaba estaban estar ha han había habían haber
            hay he hemos muy más menos también tampoco tan tanto todo toda todos todas otro otra
            otros otras mismo misma cada alguno alguna algunos algunas algún ningún ninguna cual
            cuales cuyo cuya así entonces además sólo solo aún todavía siempre nunca tiene tienen
            tenía puede pueden
        """,
        "de": """
            der die das den dem des ein eine einen einem einer eines kein keine keinen keinem
            keiner und oder aber denn doch sondern wenn weil dass daß ob als wie so auch nur noch
            schon sehr in im an am auf aus bei beim mit nach von vom zu zum zur über unter vor
            hinter neben zwischen durch für gegen ohne um bis seit während wegen trotz ab ich mich
            mir du dich dir er ihn ihm sie ihr ihnen es wir uns euch mein meine meinen meinem
            meiner dein deine sein seine seinen seinem seiner ihre ihren ihrem ihrer unser unsere
            euer sich selbst man dies diese dieser dieses diesen diesem jener jene jenes solche
            solcher alle alles allen aller viele vielen einige mehr weniger andere anderen anderer
            ist sind war waren bin bist seid gewesen hat haben habe hatte hatten wird werden wurde
            wurden worden würde würden kann können konnte muss müssen soll sollen sollte will
            wollen wollte darf nicht nichts nie immer wieder hier da dort dann damit dazu dabei
            davon darauf daran jedoch bereits etwa
        """,
        "ur": """
            کے کی کا کو میں سے نے پر اور یہ وہ ہے ہیں تھا تھی تھے ہو ہوا ہوئی ہوئے اس ان کہ جو تک
            بھی نہیں ہی لیے ساتھ بعد گیا گئی گئے کر کرنے کیا رہا رہی رہے ایک اپنے اپنی اپنا تو یا
            اگر مگر لیکن جب تب وہاں یہاں
        """,
    }
)
"""By ISO 639-1 code; the forms are folded."""

QUESTION_WORDS: Mapping[str, frozenset[str]] = _lists(
    {
        "ar": """
            ماذا ما من متى أين كيف لماذا لم كم هل أي أية أيها بماذا لمن عمن مم ممن وماذا ومن ومتى
            وأين وكيف ولماذا وهل وكم قال قالت قالوا قالا يقول تقول يقولون قيل القول قوله قولها صرح
            صرحت يصرح تصريح تصريحات ذكر ذكرت يذكر أعلن أعلنت يعلن أكد أكدت يؤكد أضاف أضافت يضيف
            أوضح أوضحت يوضح أشار أشارت يشير وصف وصفت يصف علق علقت يعلق رأي موقف أخبرني اشرح هلا
            بشأن حول فعل فعلت حدث يحدث شو ليش وين مين إيش شنو سمحت فضلك
        """,
        "en": """
            what who whom whose when where which why how whats whos wheres say says said saying
            tell tells told telling stated stating statement statements claimed
            mention mentions mentioned speak spoke spoken talk talked describe describes described
            comment comments commented announce announced announces declare declared according
            explain explained think thinks happen happened happens concerning regarding please
            give could
        """,
        "fr": """
            que qu qui quoi quand où comment pourquoi combien quel quelle quels quelles lequel
            laquelle est-ce dit dire dites disait déclaré déclare déclarer affirmé affirme
            affirmer annoncé annonce selon parlé parle parler raconté expliqué explique propos
            sujet concernant jusqu
        """,
        "ru": """
            что кто кого кому кем чем чего чему когда где куда откуда как почему зачем сколько
            какой какая какое какие каков какова каковы чей чья сказал сказала сказали сказать
            говорит говорил говорила говорили говорят заявил заявила заявили заявляет заявление
            сообщил сообщила сообщили отметил отметила рассказал насчет относительно поводу ли
            словам мнению пожалуйста
        """,
        "tr": """
            ne neyi neye neden niçin niye nasıl kim kimi kime kimin kimler hangi hangisi nerede
            nereye nereden kaç dedi diyor söyledi söylüyor söylemişti söylemiş söylemek demek
            açıkladı açıklama belirtti ifade etti konuştu anlattı ilgili hakkında konusunda nedir
            kimdir mi mı mu mü zaman acaba göre neler
        """,
        "fa": """
            چه چی چیست کی کیست چرا چگونه چطور کجا کجاست کدام چند چقدر آیا گفت گفته گفتند می‌گوید
            گوید گفتن اظهار اعلام بیان تصریح تاکید درباره دربارهٔ مورد
        """,
        "es": """
            qué que quién quien quiénes quienes cuándo cuando dónde donde cómo como cuál cual
            cuáles cuánto cuántos cuánta cuántas por dijo dice dicen decir dicho dijeron declaró
            declara declarado afirmó afirma anunció según acerca respecto sobre
        """,
        "de": """
            was wer wen wem wessen wann wo wohin woher warum wieso weshalb wie welche welcher
            welches welchen wieviel wozu worüber sagte sagt sagen gesagt sagten erklärte erklärt
            erklären äußerte äußert geäußert behauptete behauptet berichtete laut über bezüglich
        """,
        "ur": "کیا کون کب کہاں کیوں کیسے کتنا کتنے کتنی کونسا کس کہا کہتے بتایا بیان بارے",
    }
)
"""Question words and the verbs a question asks with ("what did X say"); folded, by language."""
