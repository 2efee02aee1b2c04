"""The Evaluation tab: what happens on each of its events above, its layout below."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr
from gradio.events import Dependency

from qa.errors import ArticleError, QAError, UsageError
from qa.evaluation.comparison import compare
from qa.serve.evaluation_render import (
    NoticeKind,
    comparison_html,
    form_html,
    missing_html,
    notice_html,
    progress_html,
    result_html,
    runs_html,
)
from qa.serve.evaluation_store import QuestionSet, StoredRun, read_upload
from qa.serve.evaluations import End, Evaluation, Evaluations
from qa.serve.labels import Labels, labels_in
from qa.serve.parts import html_part

LOOK_SECONDS = 0.25
"""How often a page looks how far a run is."""
OWN = "/own"
"""Stands for the reader's own set among the names of the sets: no file can have this name."""

Updates: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What one reader's tab shows."""

    chosen: str = ""
    """Name of a set, or `OWN`; empty: the first one."""
    own: QuestionSet | None = None
    watched: str = ""
    """Name of the run whose end this tab awaits."""
    opened: str = ""
    """Name of the run that is shown."""
    against: str = ""
    """Name of the run that it is compared with."""


class EvaluationEvents:
    """The tab's events: each takes what the tab shows and gives what it shows next."""

    def __init__(self, evaluations: Evaluations) -> None:
        self._evaluations = evaluations
        self._store = evaluations.store

    def dress(self, view: View, language: str) -> Updates:
        """The tab in that language; a run that is under way is awaited."""
        if running := self._evaluations.running:
            view = replace(view, watched=running.run)
        return self._shown(view, labels_in(language))

    def choose(self, view: View, language: str, event: gr.EventData) -> Updates:
        """Another question set."""
        return self._shown(replace(view, chosen=str(event.set)), labels_in(language))

    def upload(self, view: View, language: str, event: gr.EventData) -> Updates:
        """The reader's own question set, or what is wrong with it."""
        labels = labels_in(language)
        try:
            own = read_upload(str(event.name), event.text)
        except ArticleError as error:
            return self._shown(view, labels, _set_problem(error, labels))
        return self._shown(replace(view, own=own, chosen=OWN), labels)

    def run(self, view: View, language: str, event: gr.EventData) -> Updates:
        """Begin to ask the chosen set; `event.part`: without what cannot be scored."""
        labels, view = labels_in(language), replace(view, chosen=str(event.set))
        try:
            asked = self._asked(view)
            if notice := self._missing(asked, labels, whole=not event.part):
                return self._shown(view, labels, notice)
            return self._begun(self._evaluations.start(asked), view, labels)
        except QAError as error:
            return self._shown(view, labels, _set_problem(error, labels))

    def resume(self, view: View, language: str, event: gr.EventData) -> Updates:
        """Go on with a stopped run."""
        labels = labels_in(language)
        try:
            run = self._store.run(str(event.run))
            if not self._evaluations.is_resumable(run):
                return self._shown(view, labels, notice_html(labels, NoticeKind.OUTDATED))
            return self._begun(self._evaluations.resume(run), view, labels)
        except QAError as error:
            return self._shown(view, labels, notice_html(labels, NoticeKind.FAILED, str(error)))

    def stop(self) -> None:
        """Ask the run under way to end; whoever watches it sees its end."""
        if running := self._evaluations.running:
            running.stop()

    async def watch(self, language: str) -> AsyncIterator[Any]:
        """The progress of the run under way, until its end."""
        # Not a thread that waits: those are for the answers of the chat.
        labels, shown = labels_in(language), None
        yield gr.skip()
        while running := self._evaluations.running:
            if running.progress is not shown:
                shown = running.progress
                yield progress_html(labels, running)
            await asyncio.sleep(LOOK_SECONDS)

    def settle(self, view: View, language: str) -> Updates:
        """What the tab shows once the run that it awaited has ended."""
        ended = self._evaluations.latest
        if not ended or ended.end is None or not view.watched:
            return (gr.skip(),) * SHOWN
        awaited, labels = ended.run == view.watched, labels_in(language)
        view = replace(view, watched="")
        if not awaited:
            return self._shown(view, labels)
        if ended.end is End.FINISHED:
            return self._shown(replace(view, opened=ended.run, against=""), labels)
        return self._shown(view, labels, _end_notice(ended, labels))

    def open_run(self, view: View, language: str, event: gr.EventData) -> Updates:
        """The figures of a finished run."""
        return self._shown(replace(view, opened=str(event.run), against=""), labels_in(language))

    def compare(self, view: View, language: str, event: gr.EventData) -> Updates:
        """What changed since an earlier run."""
        return self._shown(replace(view, against=str(event.run)), labels_in(language))

    # --- from the view to what is shown

    def _shown(self, view: View, labels: Labels, notice: str = "") -> Updates:
        running = self._evaluations.running
        runs = [r for r in self._store.runs() if not running or r.name != running.run]
        resumable = {run.name for run in runs if self._evaluations.is_resumable(run)}
        try:
            result = self._result(view, runs, labels)
        except UsageError as error:
            result, view = "", replace(view, opened="", against="")
            notice = notice or notice_html(labels, NoticeKind.FAILED, str(error))
        return (
            view,
            self._form(view, labels),
            progress_html(labels, running) if running else "",
            notice,
            result,
            runs_html(labels, runs, view.opened, resumable, busy=bool(running)),
        )

    def _form(self, view: View, labels: Labels) -> str:
        sets = {name: name for name in self._store.sets()}
        if view.own:
            sets[OWN] = view.own.name
        chosen = view.chosen if view.chosen in sets else next(iter(sets), "")
        questions, problem = 0, ""
        try:
            questions = len(self._asked(replace(view, chosen=chosen)).questions) if sets else 0
        except QAError as error:
            problem = _set_problem(error, labels)
        folder = str(self._store.sets_folder)
        running = self._evaluations.running
        return form_html(labels, sets, chosen, questions, problem, running, folder)

    def _result(self, view: View, runs: list[StoredRun], labels: Labels) -> str:
        if not view.opened:
            return ""
        opened, run = self._store.run(view.opened), self._store.results(view.opened)
        earlier = [r for r in runs if r.finished and _is_earlier(r, opened)]
        shown = result_html(labels, opened, run, earlier, view.against)
        if not view.against:
            return shown
        before = self._store.run(view.against)
        changes = compare(self._store.results(before.name), run)
        return shown + comparison_html(labels, changes, before)

    # --- beginning a run

    def _asked(self, view: View) -> QuestionSet:
        if view.chosen == OWN and view.own:
            return view.own
        return self._store.read_set(view.chosen)

    def _missing(self, asked: QuestionSet, labels: Labels, *, whole: bool) -> str:
        """What is said in place of a run over questions that cannot be scored."""
        problems = self._evaluations.unscorable(asked.questions)
        none_left = len(problems) == len(asked.questions)
        if none_left or (problems and whole):
            return missing_html(labels, problems, len(asked.questions))
        return ""

    def _begun(self, begun: Evaluation | None, view: View, labels: Labels) -> Updates:
        notice = "" if begun else notice_html(labels, NoticeKind.BUSY)
        running = begun or self._evaluations.running
        view = replace(view, watched=running.run if running else "", opened="", against="")
        return self._shown(view, labels, notice)


def _is_earlier(run: StoredRun, opened: StoredRun) -> bool:
    """Whether a run asked the same set before the other one did."""
    return run.info.name == opened.info.name and (run.started, run.name) < (
        opened.started,
        opened.name,
    )


def _set_problem(error: QAError, labels: Labels) -> str:
    """What is wrong with a question set, with the line where the reader finds it."""
    if not isinstance(error, ArticleError):
        return notice_html(labels, NoticeKind.SET, str(error))
    file = Path(error.source).name
    line = "" if error.line is None else labels.text("set_line", line=error.line)
    return notice_html(labels, NoticeKind.SET, error.reason, f"\u2068{file}\u2069{line}:")


def _end_notice(ended: Evaluation, labels: Labels) -> str:
    kinds = {End.STOPPED: NoticeKind.STOPPED, End.CHANGED: NoticeKind.CHANGED}
    kind = kinds.get(ended.end, NoticeKind.FAILED) if ended.end else NoticeKind.FAILED
    run = ended.run if kind is NoticeKind.STOPPED else ""
    return notice_html(labels, kind, ended.problem, run=run)


# ------------------------------------------------------------------------------------- the layout

SHOWN = 6
"""The view and the parts of the tab that show it."""


class EvaluationTab:
    """The tab's place in the page that is being laid out."""

    def __init__(self, evaluations: Evaluations) -> None:
        self._events = EvaluationEvents(evaluations)
        self._view = gr.State(View())
        with gr.Column(elem_id="evaluation"), gr.Column(elem_id="evaluation-panes"):
            with gr.Column(elem_id="evaluation-main"):
                self._form = self._part("form")
                self._progress = html_part("evaluation-progress", script="progress.js")
                self._notice = self._part("notice")
                self._result = self._part("result")
            self._runs = self._part("runs")

    def _part(self, name: str) -> gr.HTML:
        return html_part(f"evaluation-{name}", script="evaluation.js")

    def wire(
        self, header: gr.HTML, language: gr.BrowserState, opened: Dependency, switched: Dependency
    ) -> None:
        """Let events change the tab; it is dressed after the page was opened or switched."""
        events, view = self._events, self._view
        shown = [view, self._form, self._progress, self._notice, self._result, self._runs]
        quiet: Any = {"show_progress": "hidden", "api_visibility": "private"}
        given: Any = {"inputs": [view, language], "outputs": shown, **quiet}
        opened.then(events.dress, **given)
        switched.then(events.dress, **given)
        for begun in (
            self._form.run_set(events.run, **given),
            self._notice.run_set(events.run, **given),
            self._notice.resume_run(events.resume, **given),
            self._runs.resume_run(events.resume, **given),
        ):
            # A run can be over before its progress is shown.
            begun.then(events.settle, **given)
        # Any number of pages may watch, for they only wait.
        many: Any = {"concurrency_limit": None, **quiet}
        watching = self._progress.follow_run(events.watch, language, self._progress, **many)
        watching.then(events.settle, **given)
        header.switch_language(None, cancels=[watching], **quiet)
        self._form.choose_set(events.choose, **given)
        self._form.upload_set(events.upload, **given)
        self._form.stop_run(events.stop, None, None, **quiet)
        self._runs.open_run(events.open_run, **given)
        self._result.compare_runs(events.compare, **given)
