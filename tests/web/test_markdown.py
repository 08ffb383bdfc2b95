"""The little markup of form texts, and nothing that could run."""

from __future__ import annotations

import pytest

from app.web.forms.markdown import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("One\nTwo", '<p class="govuk-body">One<br>Two</p>', id="lines"),
        pytest.param(
            "# Top", '<h2 class="govuk-heading-m">Top</h2>', id="heading below the page's"
        ),
        pytest.param(
            "- a\n- b",
            '<ul class="govuk-list govuk-list--bullet"><li>a</li><li>b</li></ul>',
            id="bullets",
        ),
        pytest.param(
            "1. a\n2. b",
            '<ol class="govuk-list govuk-list--number"><li>a</li><li>b</li></ol>',
            id="numbers",
        ),
        pytest.param(
            "A **b** and *c*",
            '<p class="govuk-body">A <strong>b</strong> and <em>c</em></p>',
            id="bold and stress",
        ),
        pytest.param(
            "See [it](https://example.org/?a=1&b=2)",
            '<p class="govuk-body">See <a class="govuk-link" '
            'href="https://example.org/?a=1&amp;b=2" rel="noreferrer">it</a></p>',
            id="link",
        ),
    ],
)
def test_known_markup_becomes_html(text: str, html: str) -> None:
    assert str(to_html(text)) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '[x](javascript:alert("1"))',
        '[x](https://a"onmouseover="alert(1))',
        "# <img src=x onerror=alert(1)>",
        "- **<b onclick=x>**",
        "[<svg onload=alert(1)>](https://example.org)",
    ],
)
def test_anything_else_stays_text(text: str) -> None:
    html = str(to_html(text))
    assert "<script" not in html
    assert "javascript:" not in html.replace("(javascript:", "")
    for tag in ("<img", "<svg", "<b ", 'onmouseover="'):
        assert tag not in html
