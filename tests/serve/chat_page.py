"""The chat's question box, as a reader uses it."""

from playwright.sync_api import Locator, Page, expect


def send(page: Page, question: str) -> None:
    """Write a question and press Enter until the page takes it.

    For a moment after an answer has come in full its request is still open, and the page leaves
    the next question in the box.
    """
    box = page.locator("#question textarea")
    box.fill(question)
    for _ in range(10):
        page.keyboard.press("Enter")
        try:
            return expect(box).to_have_value("", timeout=2000)
        except AssertionError:
            continue
    raise AssertionError(f"the page does not take the question {question!r}")


def try_again(turn: Locator) -> None:
    """Press Enter on the button below a turn until the page takes it.

    While a stopped answer is drawn anew, the key may meet a button that is just going away.
    """
    phase = turn.get_attribute("data-phase") or ""
    for _ in range(10):
        turn.get_by_role("button", name="Try again").press("Enter")
        try:
            return expect(turn).not_to_have_attribute("data-phase", phase, timeout=2000)
        except AssertionError:
            continue
    raise AssertionError(f"the page does not try the {phase} answer again")
