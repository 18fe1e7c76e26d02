"""A page has one address, whoever shared the link and whatever session the site wrote into it."""

import pytest

from indexer.post import canonical_url, document_id

ID = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "written",
    [
        f"http://a.example/t.php?PHPSESSID={ID}&id=7",
        f"http://a.example/t.php;jsessionid={ID[:20]}.node1?id=7#p3",
        f"http://a.example/t.php?id=7&sid={ID}",
        f"http://a.example/t.php?s={ID}&id=7",
        "http://a.example/t.php?ASPSESSIONIDCQRSTABC=KJHG&id=7&sessionid",
        f"http://a.example/(S({ID[:24]}))/t.php?id=7",
        "http://a.example/t.php?utm_source=x&id=7&from=timeline",
        "http://somebody:secret@a.example/t.php?id=7",
        "http://some/body@a.example/t.php?id=7".replace("/body", "%2Fbody"),
    ],
)
def test_sessions_and_tracking_are_left_out(written: str) -> None:
    assert canonical_url(written) == "http://a.example/t.php?id=7"
    assert document_id(written) == document_id("https://a.example/t.php?id=7")


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/?s=7&sid=12",
        "http://a.example/;v=2/x?q=a%3Bjsessionid%3D1",
        "http://a.example/(S(x))/?sessions=3",
        "http://a.example/?session=2026",
    ],
)
def test_what_only_looks_like_a_session_stays(url: str) -> None:
    assert canonical_url(url).count("=") == url.count("=")
    assert canonical_url(url) != canonical_url("http://a.example/")
