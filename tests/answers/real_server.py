"""`transformers serve` on loopback with a tiny model of random weights, which can only babble.

    with RealServer(tmp_path) as server:
        model = load_chat_model(server.model, base_url=server.base_url)

The weights are random, but fixed, and the letters it babbles most are citation marks: [1], [2],
[99]. It makes no sense and never will; what it sends is what a real server sends.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
MARKS = ("[1]", "[2]", "[3]", "[99]")
TEXTS = (
    "قال لافروف إن روسيا مستعدة للتعاون مع واشنطن في سورية.",
    "Lavrov said that Russia was ready to work with Washington in Syria.",
)
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "assistant:"
)


class RealServer:
    """The server in a process of its own, from `with` to the end of its block."""

    def __init__(self, folder: Path) -> None:
        self._model = folder / "tiny"
        self._log = folder / "serve.log"
        self._home = folder / "home"
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        """What QA_CHAT_BASE_URL is set to."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def model(self) -> str:
        """What QA_CHAT_MODEL is set to."""
        return f"openai:{self._model}"

    def __enter__(self) -> Self:
        offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HOME": str(self._home)}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(self._model), str(self._port)],
                cwd=ROOT,
                env={**os.environ, **offline, "OMP_NUM_THREADS": "1"},
                stdout=log,
                stderr=log,
            )
        try:
            self._wait(self._process)
        except BaseException:
            self._stop(self._process)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._stop(self._process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or monotonic() > until:
                raise RuntimeError(f"transformers serve does not start:\n{self._log.read_text()}")
            sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/health", timeout=5) as reply:
                return bool(reply.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_model(folder: Path) -> None:
    """Saves a Llama of one layer with a tokenizer, as the hub keeps them."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer()
    torch.manual_seed(3)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=8192,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            initializer_range=1.0,
        )
    )
    habits = model.generation_config
    habits.repetition_penalty = 1.2
    # It babbles for 40 tokens at least, then longs more and more for the end.
    habits.min_new_tokens = 40
    habits.max_new_tokens = 200
    habits.exponential_decay_length_penalty = (45, 1.5)
    habits.sequence_bias = [[[tokenizer.convert_tokens_to_ids(mark)], 10.0] for mark in MARKS]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Bytes, what two sentences teach of pairs of them, and each mark as one token."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator(TEXTS * 2, trainer)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=pieces, bos_token="<s>", eos_token="</s>", model_max_length=8192
    )
    tokenizer.add_tokens(list(MARKS))
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def serve(folder: Path, port: int) -> None:
    """Hands over to the command line of transformers, as its user would start it."""
    from transformers.cli.transformers import main

    sys.argv = ["transformers", "serve", str(folder), "--port", str(port)]
    sys.argv += ["--host", "127.0.0.1", "--device", "cpu"]
    main()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    make_model(Path(sys.argv[1]))
    serve(Path(sys.argv[1]), int(sys.argv[2]))
