"""A chat model on loopback that is asked about the seed articles: what it says, how it is set."""

import re
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from qa.settings import Settings
from tests.answers.chat_server import ScriptedServer, reply
from tests.answers.chat_wires import Received, Step

SECRET = "sk-never-to-be-seen-0123456789"
MEDVEDEV = "what did Medvedev say about Syrian sovereignty?"
SOVEREIGNTY = "الجهة الوحيدة التي تمثل سيادة سورية"
TRUTH = "Only the legitimate government represents Syrian sovereignty, Medvedev said"
LIE = "Medvedev said on 3 May 2031 that 9,450 tanks from Brazil had crossed the border"


def true_number(received: Received) -> str:
    """The number under which the sentence on sovereignty was sent."""
    found = re.search(rf"^(\d+)\| .*{SOVEREIGNTY}", received.prompt, re.MULTILINE)
    assert found, "the passage was not sent"
    return found[1]


def saying(
    *sentences: str, usage: tuple[int, int] | None = (100, 20)
) -> Callable[[Received], Step]:
    """Says the sentences, each with that number as its citation."""

    def play(received: Received) -> Step:
        number = true_number(received)
        return reply(" ".join(f"{said} [{number}]." for said in sentences), usage=usage)

    return play


truth = saying(TRUTH)
truth_and_lie = saying(TRUTH, LIE)


def chat_settings(data: Path, server: ScriptedServer, **changes: object) -> Settings:
    """The settings of an assistant in this process that asks it."""
    own = Settings(
        data_dir=data,
        chat_model="openai:scripted",
        chat_base_url=server.base_url,
        chat_api_key=SecretStr(SECRET),
        chat_timeout=10,
        chat_retries=0,
    )
    return own.model_copy(update=changes)


def chat_variables(server: ScriptedServer) -> dict[str, str]:
    """The same for another process, as variables."""
    return {
        "QA_CHAT_MODEL": "openai:scripted",
        "QA_CHAT_BASE_URL": server.base_url,
        "QA_CHAT_API_KEY": SECRET,
        "QA_CHAT_RETRIES": "0",
    }
