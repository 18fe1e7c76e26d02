"""The dashboards, row by row: a row is a height and its panels. `where` is in Kibana's query language."""

from indexer.kibana.charts import (
    Top,
    cloud,
    count,
    highest,
    last,
    mean,
    number,
    over_time,
    ranking,
    table,
    total,
    unique,
)
from indexer.kibana.objects import Dashboard, SavedSearch, row
from indexer.kibana.views import ALERTS, POSTS, RUNS

NEGATIVE = 'sentiment_label : "negative"'
COMPLAINT = 'voice : "complaint"'
UNLAWFUL = 'severity : "unlawful"'
FAILED = 'outcome : "failed"'

CONTROLS = ("lenders", "practices.id", "source")
READ = ("id", "title", "lenders", "stance", "worst_sentence.text", "source", "url")
ALERT = ("headline", "lender", "practice", "rule", "state", "observed", "expected", "ratio", "closed_at", "url")
RUN = ("source", "outcome", "finished_at", "pages", "posts", "errors", "error_kinds", "rejected")

OVERVIEW = Dashboard(
    name="overview",
    title="本周概览",
    description="最近七天有多少内容、谁在说、情感如何，以及提到最多的机构与催收行为。",
    view=POSTS,
    since="now-7d/d",
    controls=CONTROLS,
    rows=(
        row(
            6,
            number("全部内容", count()),
            number("负面内容", count(where=NEGATIVE)),
            number("投诉", count(where=COMPLAINT)),
            number("断言违法催收", count(where=UNLAWFUL)),
            number("不同内容（转载算一条）", unique("story")),
            number("平均情感分", mean("sentiment")),
        ),
        row(
            13,
            over_time("每日内容，按情感", count(), by=Top("sentiment_label")),
            over_time("每日内容，按被断言的行为", count(), by=Top("asserted", 6)),
        ),
        row(
            14,
            ranking("提到最多的机构", Top("lenders")),
            ranking("被断言最多的行为", Top("asserted")),
            ranking("内容最多的来源", Top("source")),
        ),
        row(18, SavedSearch("negative", "负面内容列表", READ, NEGATIVE)),
    ),
)

LENDERS = Dashboard(
    name="lenders",
    title="机构对比",
    description="各机构被提到多少、情感如何、被指有哪些催收行为。",
    view=POSTS,
    since="now-30d/d",
    controls=CONTROLS,
    rows=(
        row(
            16,
            table(
                "各机构",
                Top("lenders", 50),
                count("内容"),
                count("负面", NEGATIVE),
                count("投诉", COMPLAINT),
                count("断言违法催收", UNLAWFUL),
                unique("story", "不同内容"),
                mean("sentiment", "平均情感分"),
            ),
        ),
        row(
            14,
            over_time("每日内容，按机构", count(), by=Top("lenders", 8), series="line"),
            over_time("每日负面内容，按机构", count(where=NEGATIVE), by=Top("lenders", 8), series="line"),
        ),
        row(
            15,
            ranking("各机构的情感", Top("lenders", 15), by=Top("sentiment_label")),
            ranking("各机构的内容由谁说", Top("lenders", 15), by=Top("voice")),
            table("机构与被指行为", Top("lender_practice", 100), count("内容"), unique("story", "不同内容")),
        ),
    ),
)

PRACTICES = Dashboard(
    name="practices",
    title="催收行为",
    description="提到了哪些催收行为、是断言还是否认、性质如何、用什么词说。",
    view=POSTS,
    since="now-30d/d",
    controls=CONTROLS,
    rows=(
        row(
            6,
            number("提到催收行为", count(where="practices.id : *")),
            number("断言其发生", count(where="asserted : *")),
            number("断言违法催收", count(where=UNLAWFUL)),
            number("行为所指的机构", unique("practices.lender")),
        ),
        row(
            15,
            ranking("行为与语气", Top("stance", 20)),
            over_time("每日内容，按被断言的行为", count(), by=Top("asserted", 8), series="line"),
        ),
        row(
            15,
            cloud("用语", Top("practices.phrase", 60)),
            table("机构与被指行为", Top("lender_practice", 100), count("内容"), unique("story", "不同内容")),
        ),
        row(
            14,
            over_time("每日断言，按最重性质", count(), by=Top("severity")),
            ranking("断言来自哪些来源", Top("source"), where="asserted : *"),
        ),
        row(18, SavedSearch("unlawful", "断言违法催收的内容列表", READ, UNLAWFUL)),
    ),
)

TRENDS = Dashboard(
    name="trends",
    title="舆情趋势",
    description="数量、情感、来源与转载随时间的变化。",
    view=POSTS,
    since="now-90d/d",
    controls=CONTROLS,
    rows=(
        row(
            13,
            over_time("每日内容，按谁在说", count(), by=Top("voice")),
            over_time("每日平均情感分", mean("sentiment", "平均情感分"), series="line"),
        ),
        row(
            13,
            over_time("每周全部与负面", count("全部"), count("负面", NEGATIVE), every="1w", series="line"),
            over_time("每周内容，按来源", count(), by=Top("source"), every="1w", series="area_stacked"),
        ),
        row(
            13,
            over_time("每周首发与转载", count("首发", "reprint : false"), count("转载", "reprint : true"), every="1w"),
            over_time("每周内容，按类型", count(), by=Top("kind"), every="1w"),
        ),
        row(
            14,
            ranking("内容最多的网站", Top("site", 15)),
            table("转载最多的内容", Top("story", 50), count("份数"), unique("site", "网站"), highest("at", "最近")),
            table("推广团伙", Top("campaign", 50), count("内容"), unique("site", "网站")),
        ),
    ),
)

WARNINGS = Dashboard(
    name="alerts",
    title="预警",
    description="数量异常升高的机构与催收行为。",
    view=ALERTS,
    since="now-30d/d",
    controls=("lender", "practice", "rule"),
    rows=(
        row(
            6,
            number("预警数", count()),
            number("尚未结束", count(where="not closed_at : *")),
            number("涉及机构", unique("lender")),
            number("最高倍数", highest("ratio")),
        ),
        row(13, over_time("每日新预警，按规则", count(), by=Top("rule")), ranking("预警状态", Top("state"))),
        row(
            14,
            table(
                "各机构的预警",
                Top("lender", 50),
                count("预警"),
                highest("ratio", "最高倍数"),
                highest("opened_at", "最近"),
            ),
            table(
                "各行为的预警",
                Top("practice", 50),
                count("预警"),
                highest("ratio", "最高倍数"),
                highest("opened_at", "最近"),
            ),
        ),
        row(18, SavedSearch("alerts", "预警列表", ALERT)),
    ),
)

SOURCES = Dashboard(
    name="sources",
    title="来源健康",
    description="每次抓取的结果：哪些来源失败、出错、被 robots 禁止，或不再有新内容。",
    view=RUNS,
    since="now-7d/d",
    controls=("source", "outcome"),
    rows=(
        row(
            6,
            number("抓取次数", count()),
            number("失败", count(where=FAILED)),
            number("未结束", count(where="not finished_at : *")),
            number("新内容", total("posts")),
            number("出错网页", total("errors")),
            number("拒收", total("rejected")),
        ),
        row(
            13,
            over_time("每日抓取，按结果", count(), by=Top("outcome")),
            over_time("每日网页、新内容与出错", total("pages"), total("posts"), total("errors"), series="line"),
        ),
        row(
            16,
            table(
                "各来源",
                Top("source", 200),
                count("抓取"),
                count("失败", FAILED),
                highest("started_at", "最近开始"),
                last("outcome", "最近结果"),
                total("pages"),
                total("posts"),
                total("errors"),
                total("robots"),
                mean("seconds", "平均用时（秒）", decimals=0),
            ),
        ),
        row(
            14,
            ranking("出错原因（有此错误的抓取）", Top("error_kinds")),
            ranking("失败最多的来源", Top("source"), where=FAILED),
        ),
        row(16, SavedSearch("runs", "失败或出错的抓取列表", RUN, f"{FAILED} or errors > 0")),
    ),
)

ALL = (OVERVIEW, LENDERS, PRACTICES, TRENDS, WARNINGS, SOURCES)
