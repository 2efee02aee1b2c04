"""Parts of the page that are made of our own HTML."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.serve.labels import ASSETS


def html_part(
    elem_id: str,
    value: str | list[str] | dict[str, str] = "",
    template: str = "${value}",
    script: str | None = None,
    **words: str,
) -> gr.HTML:
    """A part of the page that is made of our own HTML; its script raises its events."""
    props: dict[str, Any] = {**words}
    if script:
        props["js_on_load"] = (ASSETS / script).read_text(encoding="utf-8")
    return gr.HTML(value, html_template=template, elem_id=elem_id, apply_default_css=False, **props)
