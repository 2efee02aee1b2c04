"""Serves the chat: `python app.py`; an empty archive starts with the articles of seeds/."""

from pathlib import Path

from qa.serve.cli import run
from qa.serve.web import serve
from qa.settings import load_settings

if __name__ == "__main__":
    run(lambda: serve(load_settings(), seeds=Path(__file__).parent / "seeds"))
