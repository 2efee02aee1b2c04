"""What the server tells Prometheus of itself; no question and no key is in it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa.model import Answer

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        by_request = ("method", "route", "status")
        self._requests = Counter("qa_requests", "Requests answered.", by_request, registry=registry)
        self._seconds = Histogram(
            "qa_request_seconds",
            "Time until a response was sent whole.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter("qa_answers", "Answers given.", ("outcome",), registry=registry)
        self._steps = Histogram(
            "qa_answer_step_seconds",
            "Time of each step of an answer.",
            ("step",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._articles = Gauge("qa_articles", "Articles that readers see.", registry=registry)
        self._passages = Gauge("qa_passages", "Passages that readers see.", registry=registry)
        self._asking = Gauge("qa_questions_under_way", "Questions asked now.", registry=registry)
        self._jobs = Gauge("qa_jobs_under_way", "Uploads waiting or at work.", registry=registry)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def count_answer(self, answer: Answer) -> None:
        """One answer was given."""
        self._answers.labels("abstained" if answer.abstained else "answered").inc()
        for step, milliseconds in answer.timings.items():
            self._steps.labels(step.removesuffix("_ms")).observe(milliseconds / 1000)

    def show(self, *, articles: int, passages: int, asking: int, jobs: int) -> bytes:
        """All of it in Prometheus' text format, with what is so at this moment."""
        self._articles.set(articles)
        self._passages.set(passages)
        self._asking.set(asking)
        self._jobs.set(jobs)
        return generate_latest(self._registry)
