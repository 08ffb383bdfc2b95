"""docs/conformance.md says what the code does now."""

from tests.conformance.told import PAGE, fresh, from_code


def test_the_page_says_what_the_code_does() -> None:
    page = PAGE.read_text(encoding="utf-8")
    hint = "run: python -m tests.conformance.told ../shared/conformance"
    assert fresh(page, from_code()) == page, hint
