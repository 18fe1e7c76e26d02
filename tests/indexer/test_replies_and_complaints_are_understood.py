"""What a thread says around a reply, and a board around a complaint, reaches the Document, masked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.analyse import Analyser
from indexer.post import Complaint, Post
from indexer.settings import Settings

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(ROOT / "config", Settings(), b"k" * 32)


def test_a_thread_s_title_names_the_lender_of_a_reply_and_accuses_once(analyser: Analyser) -> None:
    usual = {"url": "https://a.example/t/1", "source": "a", "fetched_at": NOON, "title": "招联消费金融昨天爆我通讯录"}
    opener = analyser.document(Post(**usual, part="1", floor=1, kind="post", text="大家说怎么办？"), NOON)
    reply = analyser.document(
        Post(**usual, part="2", floor=2, kind="reply", text="先录音，再去投诉，他们怕这个。"), NOON
    )
    assert opener.lenders == reply.lenders == ("招联消费金融",)
    assert [it.id for it in opener.practices] == ["爆通讯录"]
    assert reply.practices == ()
    assert (reply.floor, reply.title) == (2, opener.title)


def test_a_complaint_names_its_lender_by_the_merchant_and_its_words_are_masked(analyser: Analyser) -> None:
    said = Complaint(
        status="processing", said="处理中", amount=800, merchant="马上消费金融", demand="道歉，请打13812345678联系我"
    )
    post = Post(
        url="https://b.example/c/1", source="b", fetched_at=NOON, kind="complaint", title="投诉催收骚扰",
        text="一天打我七十个电话，家里人都被打扰了。", complaint=said,
    )  # fmt: skip
    found = analyser.document(post, NOON)
    assert found.lenders == ("马上消费金融",)
    assert found.complaint
    assert (found.complaint.status, found.complaint.amount) == ("processing", 800)
    assert "13812345678" not in found.model_dump_json()
