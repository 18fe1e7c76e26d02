"""Who is named in the title or the text of a page is masked in both, as one tells what the other leaves open."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from indexer.post import Post
from indexer.text.privacy import Masker
from indexer.text.reading import read

MASKER = Masker(b"a key")
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def _post(title: str, text: str) -> Post:
    return Post(url="https://example.com/1", source="bbs", title=title, text=text, fetched_at=NOW)


def test_the_text_tells_who_the_title_names() -> None:
    assert MASKER.mask("万里一家被催收逼得搬走").text == "万里一家被催收逼得搬走"
    it = read(_post("万里一家被催收逼得搬走", "我叫万里，去年借了三万，催收找到了我家里。"), MASKER)
    assert it.headline == "[姓名]一家被催收逼得搬走"
    assert it.body == "我叫[姓名]，去年借了三万，催收找到了我家里。"


def test_the_title_tells_who_the_text_names() -> None:
    it = read(_post("我叫万里，我被爆通讯录了", "催收问他们：万里是不是你家的？"), MASKER)
    assert it.body == "催收问他们：[姓名]是不是你家的？"


@given(st.lists(st.text(alphabet="138 0电话\n王小明:：，,（)(-@qq.com\ufdd2[姓名]"), min_size=1, max_size=4))
def test_no_mask_joins_two_parts(parts: list[str]) -> None:
    masked, _ = MASKER.mask_parts(*parts)
    assert len(masked) == len(parts)
