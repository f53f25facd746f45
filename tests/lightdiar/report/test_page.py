import base64
import hashlib
import re

from lightdiar.report.page import Markup, element, page, table
from lightdiar.report.words import Words

EN = Words("en")


def test_contents_and_attributes_are_escaped():
    assert element("p", "<b>", Markup("<i>"), aria_label='"x"', class_="a", hidden=False) == (
        '<p aria-label="&quot;x&quot;" class="a">&lt;b&gt;<i></p>'
    )
    assert element("p", "a\x1b\u202eb's") == "<p>a\\x1b\\u202eb's</p>"


def test_a_table_has_a_caption_and_heads():
    html = table("Shares", ["name", "share"], [("a&b", "5%")], EN)
    assert html == (
        '<div class="table stacks" role="region" tabindex="0" aria-label="Table: Shares"><table>'
        "<caption><span>Shares</span></caption>"
        '<thead><tr><th scope="col">name</th><th scope="col" class="number">share</th></tr></thead>'
        '<tbody><tr><th scope="row">a&amp;b</th><td class="number" data-head="share">5%</td></tr></tbody></table></div>'
    )


def test_the_policy_allows_what_is_in_the_page_and_nothing_else():
    html = page("<t>", "", EN, {"name": "</script><script>alert(1)"})
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    style = re.search(r"(?s)<style>(.*?)</style>", html)[1]
    data, script = re.findall(r"(?s)<script[^>]*>(.*?)</script>", html)
    for kind, content in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert parts[kind] == f"'sha256-{digest}'"
    assert data == '{"name":"\\u003c/script>\\u003cscript>alert(1)"}'
    assert "<title>&lt;t&gt;</title>" in html


def test_a_page_without_data_has_no_script():
    html = page("t", "", EN)
    assert "<script" not in html
    assert "script-src 'none'" in html
