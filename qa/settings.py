"""Settings from `QA_…` variables and `.env`; the assistant, its parts and the edges read them."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import SettingsError


class Settings(BaseSettings):
    """Every field is one `QA_…` variable; the defaults need no key, no download and no network."""

    model_config = SettingsConfigDict(
        env_prefix="QA_", env_file=".env", extra="ignore", str_strip_whitespace=True
    )

    data_dir: Annotated[Path, Field(description="Folder of the archive and the indexes.")] = Path(
        "data"
    )
    archive_url: Annotated[
        str, Field(description="SQLAlchemy URL of the archive; empty: SQLite in the data folder.")
    ] = ""
    chroma_url: Annotated[
        str, Field(description="Chroma server, http://host:port; empty: embedded.")
    ] = ""
    questions_dir: Annotated[
        Path, Field(description="Folder of the question sets that the page offers to evaluate.")
    ] = Path("eval/questions")
    embedder: Annotated[
        str, Field(description="sentence-transformers model, name or path; empty: the shipped one.")
    ] = ""
    device: Annotated[
        str, Field(description="Device of a sentence-transformers model; empty: its own choice.")
    ] = ""
    batch_size: Annotated[
        int, Field(ge=1, le=4096, description="Texts a batch for a sentence-transformers model.")
    ] = 32
    chat_model: Annotated[
        str,
        Field(description="Chat model, provider:model as init_chat_model takes it; empty: quotes."),
    ] = ""
    chat_base_url: Annotated[
        str,
        Field(
            description="Server of the chat model, http://host:port/v1; empty: its own.",
            # It may hold a password.
            repr=False,
        ),
    ] = ""
    chat_api_key: Annotated[
        SecretStr, Field(description="Its key; empty: the provider's own variable, if it has one.")
    ] = SecretStr("")
    chat_timeout: Annotated[
        float, Field(gt=0, le=3600, description="Seconds until its first token, and between two.")
    ] = 60.0
    chat_retries: Annotated[
        int, Field(ge=0, le=10, description="Times it is asked again where that can help.")
    ] = 2
    chat_context_tokens: Annotated[
        int, Field(ge=1024, description="Tokens it can read and write, question to reply.")
    ] = 16_384
    strict: Annotated[
        bool, Field(description="Leave out sentences of it that their sources do not bear out.")
    ] = False
    judge: Annotated[
        str,
        Field(description="Second opinion on support: chat, or a CrossEncoder; empty: none."),
    ] = ""
    host: Annotated[str, Field(description="Address that `qa serve` listens on.")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, description="Port of `qa serve`; 0: any free one.")
    ] = 7860

    @property
    def without_effect(self) -> list[str]:
        """The variables that are set, but only say something of a chat model that is not."""
        chosen = {
            "QA_CHAT_BASE_URL": self.chat_base_url,
            "QA_STRICT": self.strict,
            "QA_JUDGE": self.judge,
        }
        return [name for name, value in chosen.items() if value and not self.chat_model]

    def apart(self, data_dir: Path) -> Self:
        """The same embedder over a folder of one's own: no database or server, no chat model."""
        shared = ("archive_url", "chroma_url", "chat_", "strict", "judge")
        fields = type(self).model_fields
        own = {name: fields[name].default for name in fields if name.startswith(shared)}
        return self.model_copy(update=own | {"data_dir": data_dir})

    def as_environment(self) -> dict[str, str]:
        """The variables that give another process these settings, whatever its `.env` says."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            f"QA_{name.upper()}": value.get_secret_value()
            if isinstance(value, SecretStr)
            else str(value)
            for name, value in values.items()
        }


def load_settings() -> Settings:
    """The settings of this process; raises SettingsError naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"QA_{'_'.join(map(str, e['loc'])).upper()}={e['input']!r}: {e['msg']}"
            for e in error.errors()
        )
        raise SettingsError(f"wrong settings: {wrong}. Mend the environment or .env") from None
