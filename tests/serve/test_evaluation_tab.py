"""The tab's events without a browser."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from qa.serve.evaluation_store import EvaluationStore
from qa.serve.evaluation_tab import OWN, SHOWN, EvaluationEvents, Updates, View
from qa.serve.evaluations import Evaluations
from qa.serve.labels import labels_in
from tests.serve.scripted import ANSWERED, ARTICLE, Scripted, set_line
from tests.serve.test_evaluations import some, until


@pytest.fixture
def assistant() -> Scripted:
    return Scripted({"": ANSWERED}, stored=[ARTICLE])


@pytest.fixture
def evaluations(assistant: Scripted, tmp_path: Path) -> Iterator[Evaluations]:
    with Evaluations(assistant, EvaluationStore(tmp_path / "runs", tmp_path)) as evaluations:
        some(evaluations, 3)
        yield evaluations


@pytest.fixture
def events(evaluations: Evaluations) -> EvaluationEvents:
    return EvaluationEvents(evaluations)


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, {"set": "some", "run": "", "part": False} | data)


def watched(events: EvaluationEvents, view: View) -> Updates:
    """What is shown after the run that the tab awaits."""

    async def watch() -> list[object]:
        return [shown async for shown in events.watch("en")]

    asyncio.run(watch())
    return events.settle(view, "en")


def finished(events: EvaluationEvents) -> tuple[View, str]:
    """The view and the result of a whole run."""
    view, *_ = events.run(View(), "en", event())
    view, _, _, _, result, _ = watched(events, view)
    return view, result


def test_the_first_set_is_chosen_and_counted(events: EvaluationEvents) -> None:
    _, form, progress, notice, result, runs = events.dress(View(), "en")
    assert '<option value="some" dir="auto" selected>' in form
    assert "Questions: 3" in form
    assert (progress, notice, result) == ("", "", "")
    assert "No run yet" in runs


def test_a_run_is_watched_and_opens_its_figures(events: EvaluationEvents) -> None:
    view, result = finished(events)
    assert "<bdi>100%</bdi>" in result
    assert view.opened.startswith("some-")
    assert "aria-current" in events.dress(view, "en")[-1]


def test_while_a_run_is_under_way_it_can_be_stopped_and_resumed(
    assistant: Scripted, evaluations: Evaluations, events: EvaluationEvents
) -> None:
    assistant.pause = 0.02
    view, form, progress, *_ = events.run(View(), "en", event())
    assert "stop_run" in form
    assert "<progress" in progress
    until(lambda: evaluations.running and evaluations.running.progress.done)
    events.stop()
    view, form, _, notice, _, runs = watched(events, view)
    assert "The evaluation was stopped" in notice
    assert "run_set" in form
    assert "resume_run" in runs
    (stored,) = evaluations.store.runs()
    view, *_ = events.resume(view, "en", event(run=stored.name))
    assert watched(events, view)[0].opened == stored.name


def test_a_second_run_is_told_of_the_first(assistant: Scripted, events: EvaluationEvents) -> None:
    assistant.pause = 0.02
    events.run(View(), "en", event())
    view, form, progress, notice, *_ = events.run(View(), "ar", event())
    assert labels_in("ar").text("busy_title") in notice
    assert "stop_run" in form
    assert "<progress" in progress
    assert watched(events, view)[0].opened == view.watched


def test_another_page_sees_the_run_under_way(assistant: Scripted, events: EvaluationEvents) -> None:
    assistant.pause = 0.02
    begun, *_ = events.run(View(), "en", event())
    view, form, *_ = events.dress(View(), "ar")
    assert view.watched == begun.watched
    assert labels_in("ar").text("stop_run") in form


def test_an_archive_that_changes_is_said(
    assistant: Scripted, evaluations: Evaluations, events: EvaluationEvents
) -> None:
    assistant.pause = 0.02
    view, *_ = events.run(View(), "en", event())
    until(lambda: evaluations.running and evaluations.running.progress.done)
    assistant.revision += 1
    _, _, _, notice, result, runs = watched(events, view)
    assert "The archive changed during the evaluation" in notice
    assert result == ""
    assert "No run yet" in runs


def test_questions_about_missing_articles_are_named_and_can_be_left_out(
    evaluations: Evaluations, events: EvaluationEvents
) -> None:
    file = evaluations.store.sets_folder / "some.jsonl"
    file.write_text(file.read_text().replace('"articles": ["a"]', '"articles": ["b"]', 1))
    view, _, _, notice, *_ = events.run(View(), "en", event())
    assert "no indexed article is called &#39;b&#39;" in notice
    assert "ask the other 2" in notice
    assert not evaluations.running
    view, *_ = events.run(view, "en", event(part=True))
    assert "Questions: 2" in watched(events, view)[4]


@pytest.mark.parametrize("part", [True, False])
def test_a_set_about_nothing_that_is_indexed_is_not_run(
    evaluations: Evaluations, events: EvaluationEvents, part: bool
) -> None:
    some(evaluations, 2, articles=["b"])
    notice = events.run(View(), "en", event(part=part))[3]
    assert "None is left to ask" in notice
    assert not evaluations.running


def test_an_own_file_becomes_a_set_that_can_be_run(events: EvaluationEvents) -> None:
    text = json.dumps(set_line(7))
    view, form, *_ = events.upload(View(), "en", event(name="mine.jsonl", text=text))
    assert ">mine</option>" in form
    assert "Questions: 1" in form
    view, *_ = events.run(view, "en", event(set=OWN))
    view, *_, runs = watched(events, view)
    assert view.opened.startswith("mine-")
    assert "<bdi>mine</bdi>" in runs


def test_a_broken_own_file_is_said_with_its_line(events: EvaluationEvents) -> None:
    text = json.dumps(set_line(7)) + "\nnot json"
    view, _, _, notice, *_ = events.upload(View(), "en", event(name="mine.jsonl", text=text))
    assert "\u2068mine.jsonl\u2069, line 2: <bdi>is not JSON" in notice
    assert view.own is None


def test_an_empty_set_is_said_when_it_is_chosen(
    evaluations: Evaluations, events: EvaluationEvents
) -> None:
    (evaluations.store.sets_folder / "empty.jsonl").write_text("\n")
    _, form, *_ = events.choose(View(), "en", event(set="empty"))
    assert "holds no question" in form
    notice = events.run(View(), "en", event(set="empty"))[3]
    assert "holds no question" in notice


def test_two_runs_are_compared(events: EvaluationEvents, evaluations: Evaluations) -> None:
    first, _ = finished(events)
    second, result = finished(events)
    assert f'<option value="{first.opened}"' in result
    view, *_, compared, _ = events.compare(second, "en", event(run=first.opened))
    assert "Changes since" in compared
    assert view.against == first.opened
    assert "compare_runs" not in events.open_run(view, "en", event(run=first.opened))[4]


@pytest.mark.parametrize("run", ["../secret", "gone-20260101T000000Z", ""])
def test_a_run_that_is_gone_is_one_line(events: EvaluationEvents, run: str) -> None:
    view, _, _, notice, result, _ = events.open_run(View(), "en", event(run=run or "x"))
    assert "no run is called" in notice
    assert (view.opened, result) == ("", "")
    assert "no run is called" in events.resume(View(), "en", event(run=run))[3]


def test_a_tab_that_awaits_nothing_is_left_as_it_is(events: EvaluationEvents) -> None:
    finished(events)
    assert events.settle(View(), "en") == (gr.skip(),) * SHOWN


def test_no_set_at_all_names_the_folder(tmp_path: Path, assistant: Scripted) -> None:
    with Evaluations(assistant, EvaluationStore(tmp_path / "runs", tmp_path / "no")) as none:
        form = EvaluationEvents(none).dress(View(), "en")[1]
    assert str(tmp_path / "no") in form
    assert "Use your own file" in form
