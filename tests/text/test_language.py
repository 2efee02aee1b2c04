import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.text.language import detect_language, direction


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what did Medvedev say about Syrian sovereignty?"),
        ("ar", "ماذا قال ميدفيديف عن السيادة السورية؟"),
        ("fr", "Qu'a dit Medvedev sur la souveraineté syrienne ?"),
        ("ru", "Что сказал Медведев о суверенитете Сирии?"),
        ("tr", "Medvedev Suriye'nin egemenliği hakkında ne dedi?"),
        ("fa", "مدودف درباره حاکمیت سوریه چه گفت؟"),
        ("es", "¿Qué dijo Medvedev sobre la soberanía siria?"),
        ("de", "Was sagte Medwedew über die Souveränität Syriens?"),
        ("ur", "شام کی خودمختاری کے بارے میں میدویدیف نے کیا کہا؟"),
        ("ar", "من هو Dmitry Medvedev؟"),
        ("ar", "ماذا قال Barack Hussein Obama عن ISIS"),
        ("en", "who is ميدفيديف"),
        ("fr", "souveraineté syrienne"),
        ("tr", "Suriye egemenliği"),
        ("de", "syrische Souveränität"),
        ("ar", "سيرغي لافروف"),
        # A word of another language among those of its own, an acronym, the article of a name.
        ("en", "Who was Ayurbarwada's son?"),
        ("en", "Where was Friedrich Ratzel born?"),
        ("en", "jordan permanent representative to the UN name"),
        ("en", "Nasr al-Doghaimy antiquities recovered Geneva sale"),
        ("de", "WAS SAGTE ER IN DER TÜRKEI?"),
    ],
)
def test_short_questions(language: str, text: str) -> None:
    assert detect_language(text, default="xx") == language


@pytest.mark.parametrize("text", ["", "  ", "؟!", "2015", "日本", "Obama", "🚀"])
def test_what_holds_no_sign_of_a_language_is_the_default(text: str) -> None:
    assert detect_language(text, default="tr") == "tr"


def test_every_seed_is_arabic(seeds: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted(seeds.glob("*.txt"))]
    assert [detect_language(text) for text in texts] == ["ar"] * 5


def test_a_long_text_is_sampled() -> None:
    began = time.process_time()
    assert detect_language("The president said that he would go. " * 30_000) == "en"
    assert time.process_time() - began < 0.5


def test_a_header_in_another_script_does_not_decide() -> None:
    assert (
        detect_language("BREAKING NEWS " + "قال الرئيس إن الحكومة الشرعية تمثل البلاد. " * 20)
        == "ar"
    )


def test_lingua_is_loaded_only_when_needed() -> None:
    code = (
        "import sys; from qa.text.language import detect_language as d;"
        "d('what did he say about it'); d('ماذا قال'); print('lingua' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


RUNS = {"rtl": "ar fa ur he fa-IR AR".split(), "ltr": ["en", "tr", "", "en_GB", "zh"]}


@pytest.mark.parametrize("runs", RUNS)
def test_direction(runs: str) -> None:
    assert {direction(language) for language in RUNS[runs]} == {runs}
