"""The page: what happens on each event of the chat above, the layout of it all below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import gradio as gr
from gradio.events import Dependency

from qa.errors import NotFoundError, QAError, UsageError
from qa.model import Filters
from qa.retrieval.question import MAX_QUESTION
from qa.serve.api.workers import ADMITTED
from qa.serve.conversation import (
    Asked,
    Turn,
    Turns,
    follow,
    history,
    paced,
    read_filters,
)
from qa.serve.desk import Desk
from qa.serve.evaluation_tab import EvaluationTab
from qa.serve.evaluations import Evaluations
from qa.serve.labels import Labels, labels_in, preferred_language
from qa.serve.page_api import offer
from qa.serve.parts import html_part
from qa.serve.render import (
    filters_html,
    header_html,
    hint_html,
    missing_source_html,
    source_html,
    turn_html,
    welcome_html,
)

AT_ONCE = 8
"""Events of one kind, such as the opening of a source, that are worked on at the same time."""
BESIDE = 64
"""Threads for them beside those of all questions that may be under way: a stop gets through."""

TURNS = '<section class="turns" tabindex="0" aria-label="${name}">${value.join("")}</section>'

Updates: TypeAlias = tuple[Any, ...]


class Chat:
    """The page's events: each takes what the page holds and gives what it shows next."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._assistant = desk.assistant

    def open(self, saved: str, request: gr.Request) -> Updates:
        """The page as it is first seen, in the reader's language."""
        language = saved or preferred_language(request.headers.get("accept-language", ""))
        return self._dressed(labels_in(language), ())

    def switch_language(self, language: str, turns: Turns) -> Updates:
        """The same page in the other interface language; an answer under way ends there."""
        ended = tuple(turn.stopped() for turn in turns)
        other = labels_in(labels_in(language).text("switch_language_code"))
        return (*self._dressed(other, ended), ended)

    def ask(
        self, question: str, form: Mapping[str, str], turns: Turns, language: str
    ) -> Iterator[Updates]:
        """The turns as the answer grows; a question that cannot be asked leaves a hint instead."""
        labels = labels_in(language)
        try:
            filters = _asked_within(question, form, labels)
        except UsageError as problem:
            yield gr.skip(), gr.skip(), gr.skip(), self._hint(labels, str(problem))
            return
        asked = Asked(question.strip(), filters, _mode(form), history(turns), labels.language)
        yield from self._answered(asked, turns, len(turns), labels, value="")

    def ask_example(
        self, form: Mapping[str, str], turns: Turns, language: str, event: gr.EventData
    ) -> Iterator[Updates]:
        """The same for a question that the page offered."""
        yield from self.ask(str(event.question), form, turns, language)

    def ask_again(
        self, form: Mapping[str, str], turns: Turns, language: str, event: gr.EventData
    ) -> Iterator[Updates]:
        """Another answer in the place of one that failed or did not please."""
        index = int(event.turn)
        labels = labels_in(language)
        asked = replace(
            turns[index].asked,
            mode=_mode(form),
            history=history(turns[:index]),
            reader=labels.language,
        )
        yield from self._answered(asked, turns, index, labels)

    def _answered(
        self, asked: Asked, turns: Turns, index: int, labels: Labels, **value: str
    ) -> Iterator[Updates]:
        """The turns while that question is answered in that place."""
        box: Any = _box(labels, running=True, **value)
        shown: Turn | None = None
        with closing(follow(self._desk, asked)) as states:
            for turn in paced(states):
                if turn is shown:
                    yield (gr.skip(),) * 4
                    continue
                shown = turn
                now = (*turns[:index], turn, *turns[index + 1 :])
                box = box if turn.running else _box(labels, running=False)
                yield now, self._conversation(now, labels), box, self._hint(labels)
                box = gr.skip()

    def stop(self, turns: Turns, language: str) -> Updates:
        """The turns with the last one ended where it is."""
        labels = labels_in(language)
        ended = tuple(turn.stopped() for turn in turns)
        return ended, self._conversation(ended, labels), _box(labels, running=False), gr.skip()

    def new_chat(self, language: str) -> Updates:
        """A page without turns and without a source."""
        labels = labels_in(language)
        box = _box(labels, running=False, value="")
        return (), self._conversation((), labels), box, self._hint(labels), ""

    def open_source(self, turns: Turns, language: str, event: gr.EventData) -> str:
        """The cited article with its sentence marked."""
        labels, index = labels_in(language), int(event.turn)
        citation = turns[index].citation(int(event.number))
        try:
            article = self._assistant.article(citation.article, citation.version)
        except NotFoundError:
            replaced = labels.text("source_replaced")
            return missing_source_html(replaced, citation, index, labels)
        except QAError as problem:
            return missing_source_html(str(problem), citation, index, labels)
        return source_html(article, citation, index, labels)

    def _dressed(self, labels: Labels, turns: Turns) -> Updates:
        outlets = self._assistant.outlets()
        articles = self._assistant.status().articles
        return (
            labels.language,
            header_html(labels, articles, len(outlets), by_model=self._by_model),
            gr.HTML(self._conversation(turns, labels), name=labels.text("conversation")),
            gr.HTML(form=self._form(labels, outlets)),
            _box(labels, running=False),
            self._hint(labels),
            "",
        )

    def _form(self, labels: Labels, outlets: Sequence[str]) -> str:
        languages = self._assistant.languages()
        return filters_html(labels, languages, outlets, by_model=self._by_model)

    def _conversation(self, turns: Turns, labels: Labels) -> list[str]:
        by_model, last = self._by_model, len(turns) - 1
        if not turns:
            return [welcome_html(labels, self._assistant.status().articles, by_model=by_model)]
        return [
            turn_html(turn, index, labels, is_last=index == last, by_model=by_model)
            for index, turn in enumerate(turns)
        ]

    def _hint(self, labels: Labels, problem: str = "") -> str:
        return hint_html(labels, problem, by_model=self._by_model)

    @property
    def _by_model(self) -> bool:
        return self._assistant.model is not None


def _mode(form: Mapping[str, str]) -> str | None:
    """What the reader's switch says; None where there is no switch."""
    return form.get("mode") or None


def _asked_within(question: str, form: Mapping[str, str], labels: Labels) -> Filters:
    """The filters of a question that can be asked; raises UsageError in the reader's language."""
    length = len(question.strip())
    if not length:
        raise UsageError(labels.text("question_empty"))
    if length > MAX_QUESTION:
        raise UsageError(
            labels.text("question_too_long", length=f"{length:,}", limit=f"{MAX_QUESTION:,}")
        )
    filters = read_filters(form)
    if filters.since and filters.until and filters.since > filters.until:
        raise UsageError(labels.text("dates_swapped"))
    return filters


def _box(labels: Labels, *, running: bool, **value: str) -> gr.Textbox:
    """The question box in that language; while an answer runs, its button stops it."""
    looks: dict[str, Any] = {
        "label": labels.text("question_label"),
        "placeholder": labels.text("question_placeholder"),
        "submit_btn": False if running else labels.text("send"),
        "stop_btn": labels.text("stop") if running else False,
    }
    return gr.Textbox(**looks | value)


# ------------------------------------------------------------------------------------- the layout


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page that events read and change."""

    language: gr.BrowserState
    turns: gr.State
    header: gr.HTML
    conversation: gr.HTML
    box: gr.Textbox
    filters: gr.HTML
    hint: gr.HTML
    source: gr.HTML


def build_page(desk: Desk, evaluations: Evaluations) -> gr.Blocks:
    """The chat over one assistant, and its evaluation; `web_app` makes it an application."""
    labels = labels_in("")
    page = gr.Blocks(title=labels.text("page_title"), fill_width=True, analytics_enabled=False)
    with page:
        # First: events of the page that are called the same get other names.
        offer(desk)
        on, tab = _lay_out(labels), EvaluationTab(evaluations)
        dressed = _wire(page, on, Chat(desk))
        tab.wire(on.header, on.language, *dressed)
        # Whoever asks past the queue would ask past the limits of a key.
        page.max_threads = ADMITTED + BESIDE
        page.queue(default_concurrency_limit=AT_ONCE, max_size=ADMITTED, api_open=False)
    return page


def _lay_out(labels: Labels) -> Parts:
    language = gr.BrowserState("", storage_key="news-qa-language", secret="not a secret")
    turns = gr.State(())
    header = html_part("header", script="header.js")
    with gr.Row(elem_id="workspace"):
        with gr.Column(elem_id="chat"):
            conversation = html_part("conversation", [], TURNS, "conversation.js", name="")
            with gr.Column(elem_id="composer"):
                box = _question_box(labels)
                filters = html_part("filters", {}, "${form}", "filters.js", form="")
                hint = html_part("hint")
        source = html_part("source", script="source.js")
    return Parts(language, turns, header, conversation, box, filters, hint, source)


def _wire(page: gr.Blocks, on: Parts, chat: Chat) -> tuple[Dependency, Dependency]:
    """What comes after the page was opened, and after its language changed."""
    dress = [on.language, on.header, on.conversation, on.filters, on.box, on.hint, on.source]
    show = [on.turns, on.conversation, on.box, on.hint]
    quiet: Any = {"show_progress": "hidden", "api_visibility": "private"}
    opened = page.load(chat.open, on.language, dress, **quiet)
    on.conversation.cite(chat.open_source, [on.turns, on.language], on.source, **quiet)
    asked = [on.filters, on.turns, on.language]
    # Each question begins at once, to wait where its reader sees it and can stop it.
    at_once = quiet | {"concurrency_limit": None}
    asking = [
        on.box.submit(chat.ask, [on.box, *asked], show, **at_once),
        on.conversation.example(chat.ask_example, asked, show, **at_once),
        on.conversation.again(chat.ask_again, asked, show, **at_once),
    ]
    # In two steps: what a cancelled answer had under way must not come after its end.
    stopped = on.box.stop(None, cancels=asking, **quiet)
    stopped.then(chat.stop, [on.turns, on.language], show, **quiet)
    cleared = on.header.new_chat(None, cancels=asking, **quiet)
    cleared.then(chat.new_chat, on.language, [*show, on.source], **quiet)
    ended = on.header.switch_language(None, cancels=asking, **quiet)
    switched = ended.then(
        chat.switch_language, [on.language, on.turns], [*dress, on.turns], **quiet
    )
    return opened, switched


def _question_box(labels: Labels) -> gr.Textbox:
    return gr.Textbox(
        label=labels.text("question_label"),
        placeholder=labels.text("question_placeholder"),
        show_label=False,
        lines=1,
        max_lines=8,
        autofocus=True,
        submit_btn=labels.text("send"),
        elem_id="question",
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
    )
