"""Near-identical texts are one story with a first print; another lender or other numbers make it a template."""

import pytest

from indexer.likeness.texts import FULL
from tests.documents import document, mention
from tests.indexer.likeness.placing import NEWS, OTHERS, Placed, farm, later

LINES = NEWS.split("\n")


@pytest.mark.parametrize(
    "body",
    [
        "\n".join(LINES[::-1]),
        f"转一篇文章，大家怎么看？\n{NEWS}\n【本文完】欢迎转发给需要的朋友",
        "\n".join(LINES[:3]),
        NEWS.replace("近日", "日前").replace("认为", "指出").replace("已经", "早已").replace("情况", "问题"),
        NEWS.replace("，", ",").replace("。", " . "),
    ],
    ids=["paragraphs in another order", "more around it", "a paragraph less", "some other words", "other punctuation"],
)
def test_a_reprint_names_the_first_print(placed: Placed, body: str) -> None:
    first, reprint = document(1, body=NEWS), document(2, body=body, title="换了一个标题")
    placed.one_by_one([first, reprint])
    assert placed[reprint].story == placed[first].story
    assert (placed[first].reprint_of, placed[reprint].reprint_of) == (None, first.id)


def test_another_lender_in_the_same_template_is_another_story(placed: Placed) -> None:
    one, other, again = farm("招联消费金融", 1), farm("中原消费金融", 2), farm("招联消费金融", 3, title="必看")
    placed.put(one, other, again)
    stories = placed.stories(one, other, again)
    assert stories[0] == stories[2] != stories[1]
    assert placed[other].reprint_of is None


def test_a_link_to_an_article_on_another_lender_below_it_makes_no_other_story(placed: Placed) -> None:
    first = farm("招联消费金融", 1)
    body = f"{first.body}\n相关：中原消费金融逾期怎么办"
    linked = document(
        2, body=body, lender_mentions=(*first.lender_mentions, mention(body, "中原消费金融", "中原消费金融"))
    )
    placed.put(first, linked)
    assert placed[linked].reprint_of == first.id


def test_a_letter_with_other_amounts_is_another_persons(placed: Placed) -> None:
    letter = (
        "本人于{}年在贵平台申请借款{}元，因失业导致无法按时还款，目前已逾期{}天，本人有还款意愿，绝非恶意拖欠。"
        "自逾期以来，贵司委托的第三方每天拨打本人电话数十次，并联系本人通讯录中的亲友，请立即停止。"
    )
    one = document(1, body=letter.format(2022, 30000, 45), voice="complaint")
    other = document(2, body=letter.format(2023, 18500, 120), voice="complaint")
    placed.put(one, other)
    assert len(set(placed.stories(one, other))) == 2


def test_what_many_write_is_no_reprint(placed: Placed) -> None:
    one, other = document(1, body="催收太过分了！！"), document(2, body="催收太过分了。")
    placed.put(one, other)
    assert len(set(placed.stories(one, other))) == 2
    assert placed[other].reprint_of is None


def test_texts_with_nothing_in_common_are_stories_of_their_own(placed: Placed) -> None:
    documents = [document(number, body=body) for number, body in enumerate((*OTHERS, NEWS))]
    placed.put(*documents)
    assert len(set(placed.stories(*documents))) == len(documents)


def test_an_earlier_print_that_comes_late_is_the_first(placed: Placed) -> None:
    known = [document(number, body=NEWS, published_at=later(number)) for number in (3, 4, 5, 6, 7)]
    early = document(9, body=f"{NEWS}\n来源不明", published_at=later(1))
    placed.one_by_one([*known, early])
    assert placed[early].reprint_of is None
    assert {placed[it].reprint_of for it in known} == {early.id}
    assert len(set(placed.stories(*known, early))) == 1


def test_two_stories_that_turn_out_to_be_one_become_one(placed: Placed) -> None:
    one, other = (
        document(1, body="\n".join([NEWS, OTHERS[0]])),
        document(3, body="\n".join([OTHERS[1], LINES[0], LINES[1], LINES[2]])),
    )
    placed.put(one, other)
    apart = placed.stories(one, other)
    between = document(2, body=NEWS)
    placed.put(between)
    assert apart[0] != apart[1] or len(set(apart)) == 1
    assert len(set(placed.stories(one, other, between))) == 1
    assert placed[other].reprint_of == placed[between].reprint_of == one.id


def test_a_page_that_says_something_else_now_leaves_its_story(placed: Placed) -> None:
    first, second, third = (document(number, body=NEWS) for number in (1, 2, 3))
    placed.put(first, second, third)
    placed.put(document(1, body=OTHERS[0]))
    assert placed[first].story != placed[second].story
    assert (placed[second].reprint_of, placed[third].reprint_of) == (None, second.id)


def test_what_the_store_refused_is_nobodys_first_print(placed: Placed) -> None:
    refused, second, third = (document(number, body=NEWS) for number in (1, 2, 3))
    placed.likeness.place([refused])
    placed.likeness.forget([refused.id])
    placed.put(second, third)
    assert (placed[second].reprint_of, placed[third].reprint_of) == (None, second.id)


def test_a_flood_of_one_text_fills_no_band_beyond_its_bound(placed: Placed) -> None:
    flood = [document(number, body=f"{NEWS}\n第{chr(0x4E00 + number) * 3}次转发") for number in range(FULL + 40)]
    placed.put(*flood)
    (fullest,) = placed.state.db.execute("select max(n) from (select count(*) n from band group by hash)").fetchone()
    assert fullest == FULL
    assert len(set(placed.stories(*flood))) == 1
