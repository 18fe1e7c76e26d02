"""Documents that share contacts or a template are one campaign; a number that everybody cites ties nobody."""

from indexer.likeness.evidence import MOST_CONTACTS, RARE
from tests.indexer.likeness.placing import Placed, advert, farm, later

QQ, PHONE, WECHAT = "qq:1", "phone:1", "wechat:1"


def test_a_shared_contact_ties_and_the_first_is_told_when_the_second_comes(placed: Placed) -> None:
    one, other, stranger = advert(1, QQ), advert(2, QQ), advert(3, WECHAT)
    placed.put(one, stranger)
    assert placed.campaigns(one, stranger) == [None, None]
    placed.put(other)
    assert placed[one].campaign == placed[other].campaign is not None
    assert placed[stranger].campaign is None


def test_contacts_tie_in_a_chain(placed: Placed) -> None:
    documents = [advert(1, PHONE), advert(2, PHONE, QQ), advert(3, QQ, WECHAT), advert(4, WECHAT)]
    placed.one_by_one(documents)
    assert len(set(placed.campaigns(*documents))) == 1


def test_one_template_with_other_lenders_is_one_campaign_without_any_contact(placed: Placed) -> None:
    documents = [farm(lender, n) for n, lender in enumerate(("招联消费金融", "中原消费金融", "海尔消费金融"))]
    placed.one_by_one(documents)
    assert len(set(placed.campaigns(*documents))) == 1
    assert placed[documents[0]].campaign


def test_reprints_alone_are_no_campaign(placed: Placed) -> None:
    documents = [farm("招联消费金融", number, site=f"s{number}.example.com") for number in range(4)]
    placed.put(*documents)
    assert set(placed.campaigns(*documents)) == {None}


def test_complaints_that_share_lender_template_or_the_collectors_number_are_no_campaign(placed: Placed) -> None:
    letters = [farm(lender, n, voice="complaint") for n, lender in enumerate(("招联消费金融", "中原消费金融"))]
    callers = [advert(number, PHONE, voice="complaint", lenders=("招联消费金融",)) for number in (10, 11, 12)]
    placed.put(*letters, *callers)
    assert set(placed.campaigns(*letters, *callers)) == {None}


def test_a_campaign_that_grows_keeps_its_name(placed: Placed) -> None:
    first = [advert(number, QQ, first_seen_at=later(1)) for number in (1, 2)]
    placed.put(*first)
    name = placed[first[0]].campaign
    more = [advert(number, PHONE, first_seen_at=later(2)) for number in (3, 4, 5)]
    placed.put(*more, advert(6, QQ, PHONE, first_seen_at=later(2)))
    assert set(placed.campaigns(*first, *more)) == {name}


def test_two_campaigns_that_turn_out_to_be_one_take_the_older_ones_name(placed: Placed) -> None:
    older = [advert(1, QQ, first_seen_at=later(1)), advert(2, QQ, first_seen_at=later(9))]
    younger = [advert(number, PHONE, first_seen_at=later(2)) for number in range(3, 13)]
    placed.put(*younger, *older)
    name = placed[older[0]].campaign
    assert placed[younger[0]].campaign not in (None, name)
    placed.put(advert(20, QQ, PHONE, first_seen_at=later(10)))
    assert set(placed.campaigns(*older, *younger)) == {name}


def test_a_number_that_hundreds_of_unrelated_documents_cite_ties_nobody(placed: Placed) -> None:
    voices = ("guide", "news", "complaint")
    citing = [advert(number, PHONE, voice=voices[number % 3]) for number in range(300)]
    placed.put(*citing[:2])
    placed.put(*citing[2:])
    assert set(placed.campaigns(*citing)) == {None}


def test_even_if_all_of_them_are_guides(placed: Placed) -> None:
    citing = [advert(number, PHONE, voice="guide") for number in range(RARE + 10)]
    placed.put(*citing[:RARE])
    assert None not in placed.campaigns(*citing[:RARE])
    placed.put(*citing[RARE:])
    assert set(placed.campaigns(*citing)) == {None}


def test_too_common_a_contact_still_ties_the_articles_of_one_site(placed: Placed) -> None:
    farmed = [advert(number, PHONE, site=f"m{number}.farm.com") for number in range(3)]
    citing = [advert(number, PHONE) for number in range(10, 10 + RARE)]
    placed.put(*farmed, *citing[:9])
    assert len(set(placed.campaigns(*farmed, *citing[:9]))) == 1
    placed.put(*citing[9:])
    assert len(set(placed.campaigns(*farmed))) == 1
    assert placed[farmed[0]].campaign
    assert set(placed.campaigns(*citing)) == {None}


def test_a_large_farm_with_its_own_number_on_every_page_is_one_campaign(placed: Placed) -> None:
    pages = [advert(number, PHONE, site=f"www.farm{number % 3}.example") for number in range(2 * RARE)]
    placed.put(*pages)
    assert len(set(placed.campaigns(*pages))) == 1


def test_a_lenders_own_hotline_ties_nobody(placed: Placed) -> None:
    guides = [farm("招联消费金融", n, contacts=(PHONE,), site=f"s{n}.example", body=advert(n).body) for n in range(3)]
    named = [it.model_copy(update={"lender_mentions": (_in_title(it.title),)}) for it in guides]
    placed.put(*named)
    assert set(placed.campaigns(*named)) == {None}


def test_a_list_of_hotlines_advertises_none(placed: Placed) -> None:
    listed = tuple(f"phone:{number}" for number in range(MOST_CONTACTS + 1))
    documents = [advert(1, *listed), advert(2, *listed), advert(3, listed[0])]
    placed.put(*documents)
    assert set(placed.campaigns(*documents)) == {None}


def test_what_was_tied_by_a_number_that_became_common_stays_tied_by_what_else_it_shares(placed: Placed) -> None:
    one, other, third = advert(1, PHONE, QQ), advert(2, PHONE, QQ), advert(3, PHONE)
    placed.put(one, other, third)
    assert len(set(placed.campaigns(one, other, third))) == 1
    placed.put(*(advert(number, PHONE, voice="complaint") for number in range(10, 20)))
    assert placed[one].campaign == placed[other].campaign is not None
    assert placed[third].campaign is None


def test_a_page_without_its_contact_leaves_the_campaign(placed: Placed) -> None:
    documents = [advert(number, QQ) for number in range(3)]
    placed.put(*documents)
    placed.put(advert(0))
    assert placed[documents[0]].campaign is None
    assert placed[documents[1]].campaign == placed[documents[2]].campaign is not None
    placed.put(advert(1))
    assert placed[documents[2]].campaign is None


def _in_title(title: str) -> object:
    from indexer.document import LenderMention

    return LenderMention(lender="招联消费金融", alias=title[:2], where="title", start=0, end=2)
