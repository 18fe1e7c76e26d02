"""Files go in damaged and are found by what they meant, through the command line."""

import re
from pathlib import Path

import pytest

from tests.articles import PHONE, QQ, write
from tests.cli import dunwatch


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ingested")
    told = dunwatch(folder / "data", "ingest", write(folder / "articles"), "--json")
    assert told.code == 0
    assert told.json() == {"read": 3, "new": 3, "refused": 0, "indexed": 3, "rejected": 0}
    return folder / "data"


def test_an_accusation_in_shifted_bytes_is_found_and_is_only_possible(data: Path) -> None:
    found = dunwatch(data, "search", "暴力催收", "--json").json()
    assert [hit["lenders"] for hit in found["hits"]] == [["马上消费金融"]]
    stances = {it["stance"] for it in found["hits"][0]["practices"] if it["id"] == "暴力催收"}
    assert stances == {"possible"}


def test_a_complaint_asserts_and_speaks_for_itself(data: Path) -> None:
    found = dunwatch(data, "search", "--voice", "complaint", "--json").json()
    (hit,) = found["hits"]
    assert hit["lenders"] == ["招联消费金融"]
    asserted = {it["id"] for it in hit["practices"] if it["stance"] == "asserted"}
    assert {"侮辱辱骂", "爆通讯录"} <= asserted
    assert hit["sentiment_label"] == "negative"


def test_practices_point_into_the_text(data: Path) -> None:
    for hit in dunwatch(data, "search", "--json").json()["hits"]:
        for practice in hit["practices"]:
            assert hit[practice["where"]][practice["start"] : practice["end"]] == practice["quote"]
            assert practice["phrase"] in practice["quote"]


def test_pages_that_advertise_one_contact_share_its_hash_and_the_number_is_nowhere(data: Path) -> None:
    out = dunwatch(data, "search", "--json").out
    assert not re.search(rf"{PHONE}|{QQ}|138 ?0000 ?1234|wx_test_001|小海豚|王小明|陈先生", out)
    hits = {hit["url"][-11:-4]: set(hit["contacts"]) for hit in dunwatch(data, "search", "--json").json()["hits"]}
    farm, other = (next(value for key, value in hits.items() if key.endswith(name)) for name in ("1-farm", "3-farm"))
    assert len(farm & other) == 1


def test_and_they_are_one_campaign_without_the_complaint(data: Path) -> None:
    campaigns = {hit["url"][-11:-4]: hit["campaign"] for hit in dunwatch(data, "search", "--json").json()["hits"]}
    farm, other, complaint = campaigns["/1-farm"], campaigns["/3-farm"], campaigns["mplaint"]
    assert farm == other is not None
    assert complaint is None


def test_no_damage_and_no_furniture_is_left(data: Path) -> None:
    hits = dunwatch(data, "search", "--json").json()["hits"]
    text = "\n".join(hit["title"] + "\n" + hit["body"] for hit in hits)
    assert not re.search(r"[\ue000-\uf8ff]|[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]+[)）]|[發會費這們]", text)
    assert not re.search("打开APP|小编导语|最新文章|随机看看|特别声明|责任编辑|逾期频道", text)
    assert sorted(hit["title"] for hit in hits) == [
        "安逸花逾期多久会被催收",
        "我被招联消费金融逼得快崩溃了",
        "招联好期贷逾期一个月会怎么样",
    ]


def test_dates_come_from_bylines_or_stay_empty(data: Path) -> None:
    hits = dunwatch(data, "search", "--json").json()["hits"]
    assert sorted(str(hit["published_at"]) for hit in hits) == [
        "2024-10-12T01:30:00Z",
        "2024-11-02T02:00:00Z",
        "None",
    ]


def test_a_sample_article_is_known_as_one(data: Path) -> None:
    found = dunwatch(data, "search", "好期贷", "--json").json()
    assert [hit["generated"] for hit in found["hits"]] == [True]


def test_filters_dates_and_trends(data: Path) -> None:
    assert dunwatch(data, "search", "--lender", "招联消费金融", "--json").json()["total"] == 2
    assert dunwatch(data, "search", "--since", "2024-11-02", "--until", "2024-11-02", "--json").json()["total"] == 1
    assert dunwatch(data, "search", "催收 NOT 罚息", "--json").json()["total"] == 2
    trend = dunwatch(data, "trends", "--json").json()
    assert trend["undated"] == 1
    assert [it["start"][:10] for it in trend["buckets"] if it["count"]] == ["2024-10-12", "2024-11-02"]
    assert len(trend["buckets"]) == 22


def test_the_same_files_again_change_nothing(data: Path) -> None:
    told = dunwatch(data, "ingest", data.parent / "articles", "--json").json()
    assert (told["new"], told["indexed"]) == (0, 0)
    assert dunwatch(data, "status", "--json").json()["documents"] == 3


def test_reindex_gives_the_same_documents(data: Path) -> None:
    before = dunwatch(data, "search", "--json").json()
    assert dunwatch(data, "reindex").code == 0
    assert dunwatch(data, "search", "--json").json() == before


def test_analyse_says_the_same_and_keeps_nothing(data: Path, tmp_path: Path) -> None:
    kept = {hit["title"]: hit for hit in dunwatch(data, "search", "--json").json()["hits"]}
    told = dunwatch(tmp_path / "none", "analyse", data.parent / "articles", "--json").lines()
    assert [it["title"] for it in told] == [
        "安逸花逾期多久会被催收",
        "我被招联消费金融逼得快崩溃了",
        "招联好期贷逾期一个月会怎么样",
    ]
    for document in told:
        assert document["body"] == kept[document["title"]]["body"]
        assert document["practices"] == kept[document["title"]]["practices"]
    assert not (tmp_path / "none").exists()


def test_posts_as_json_lines_come_through_a_pipe(tmp_path: Path) -> None:
    post = '{"url":"https://example.com/1","source":"s","text":"蘇寧金融催收","fetched_at":"2026-11-02T00:00:00Z"}'
    told = dunwatch(tmp_path / "none", "analyse", "-", "--json", stdin=post + "\n").lines()
    assert [it["lenders"] for it in told] == [["苏宁金融"]]


@pytest.mark.parametrize("query", ['"催收', "(催收", "催收 AND"])
def test_a_wrong_query_is_told_clearly(data: Path, query: str) -> None:
    told = dunwatch(data, "search", query)
    assert told.code == 2
    assert told.err.startswith("dunwatch: ")


def test_people_get_readable_text(data: Path) -> None:
    out = dunwatch(data, "search", "暴力催收").out
    assert "1 found" in out
    assert "马上消费金融" in out
    assert "暴力催收 (possible, unlawful)" in out
