"""Articles as content farms print them, with damage and furniture as in real ones; people and numbers are invented."""

from pathlib import Path

from tests.damage import annotated

PHONE, QQ = "13800001234", "100200300"

HARSH = (
    "在某些情况下，催收机构可能会采用不当的催收手段，例如暴力催收、骚扰等，"
    "这不仅侵犯了借款人的合法权益，也损害了机构的声誉。"
)
INTEREST = "招联消费金融的好期贷逾期一个月之后，系统会按照合同约定计收罚息，并且由委外机构进行电话催收。"

FARM = f"""逾期频道
首页 > 网贷 > 正文
{annotated("安逸花逾期多久会被催收", share=0.4, seed=1)}
小海豚 2024-10-12 09:30:00
{annotated("小编导语", share=1, seed=1)}
{annotated("马上消费金融旗下的安逸花在逾期之后，平台会通过短信、电话等方式提醒借款人还款。", share=0.4, seed=2)}
{annotated(HARSH, share=0.7, seed=3)}
{annotated("监管部门多次强调，任何机构不得冒充公检法进行催收。", share=0.4, seed=4)}
打开APP体验更佳
责任编辑:王小明
陈先生:{PHONE} {QQ}@qq.com
特别声明:以上内容仅供参考，如有侵权请联系删除。
最新文章
招联金融逾期怎么办
随机看看
网贷逾期上征信吗
"""

COMPLAINT = """我被招联消费金融逼得快崩溃了
昨天他们的催收又打电话给我妈，张口就骂，说再不还就带人上门。我今年失业，逾期才二十天，已经打了三次客服要求协商，
都说没有政策。他们还把我的欠款信息发给了单位的同事，爆通讯录这种事也干得出来。
我的电话是138 0000 1234，微信 wx_test_001，希望有关部门管一管。
"""

OTHER_FARM = f"""平台逾期
{annotated("招联好期贷逾期一个月会怎么样", share=0.4, seed=7)}
网贷知识网 2024-11-02 10:00
{annotated(INTEREST, share=0.5, seed=8)}
{annotated("借款人应当保持电话畅通，主动说明自己的情况，争取协商分期还款。", share=0.5, seed=9)}
咨询请加QQ:{QQ}
以上为示例文章，实际内容可根据需求调整。
"""


def write(folder: Path) -> Path:
    """The articles as files in a new folder."""
    folder.mkdir()
    for name, text in {"1-farm": FARM, "2-complaint": COMPLAINT, "3-farm": OTHER_FARM}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
