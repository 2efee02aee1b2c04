"""The page and the reports of evaluations as a web application, served until interrupted."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

from qa.errors import UsageError
from qa.serve.desk import Desk, Searching
from qa.serve.evaluation_store import EvaluationStore
from qa.serve.evaluations import Evaluations
from qa.serve.labels import ASSETS
from qa.serve.ui import build_page

REPORT_HEADERS = {
    # The report holds all it shows; what articles and questions say in it can reach nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " script-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-modals allow-popups",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def page_options() -> dict[str, Any]:
    """What the page needs of `gr.mount_gradio_app`: its styles, and nothing from other hosts."""
    return {
        "theme": gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        "css_paths": [ASSETS / "page.css", ASSETS / "evaluation.css"],
        "favicon_path": ASSETS / "icon.svg",
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "show_error": False,
        "max_file_size": 1,
    }


def web_app(desk: Desk, evaluations: Evaluations) -> FastAPI:
    """A web application with the page at `/` and each finished run's report."""
    app = FastAPI(openapi_url=None)
    _serve_reports(app, evaluations.store)
    gr.mount_gradio_app(app, build_page(desk, evaluations), path="/", **page_options())
    return app


def launch(assistant: Searching, evaluations: Evaluations, host: str, port: int) -> None:
    """Serve the page alone until interrupted; raises UsageError for a taken port."""
    run(lambda: web_app(Desk(assistant), evaluations), host, port)


def run(make: Callable[[], FastAPI], host: str, port: int) -> None:
    """Serve until interrupted; port 0 is any free one. Raises UsageError if taken."""
    with _listen(host, port) as listening:
        server = _server(make())
        address = f"http://{_place(host, listening.getsockname()[1])}"
        print(f"The chat is open at {address}  (Ctrl+C ends it)", file=sys.stderr, flush=True)
        # Once it has ended, it raises the interruption again.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _serve_reports(app: FastAPI, store: EvaluationStore) -> None:
    @app.get("/evaluations/{run}/report.html")
    def report(run: str) -> FileResponse:
        file = store.report(run)
        if file is None:
            raise HTTPException(404, "no finished run of that name has a report")
        return FileResponse(file, media_type="text/html", headers=REPORT_HEADERS)


def _server(app: FastAPI) -> uvicorn.Server:
    # Open tabs hold their connections for ever: the end neither waits for them nor reports them.
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    logging.getLogger("uvicorn.error").addFilter(lambda record: not server.should_exit)
    return server


def _listen(host: str, port: int) -> socket.socket:
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    try:
        return socket.create_server((bare, port), family=family)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {_place(host, port)}: {error.strerror or error}. "
            "Choose another with --host and --port; port 0 takes any free one"
        ) from None


def _place(host: str, port: int) -> str:
    """Host and port as they stand in a URL."""
    bare = host.strip("[]")
    return f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"
