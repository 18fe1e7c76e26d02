"""A mistake in how messages go out is told with file, line, key and what was expected; secrets are not repeated."""

from pathlib import Path

import pytest

from indexer.alerts.messages.delivery import Delivery, Secret
from indexer.configfile import ConfigError

MAIL = "mail: {host: smtp.example.com, sender: dunwatch@example.com}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mail:\n  host: smtp.example.com\n  sender: nobody\n", "alerts.yaml:3: mail.sender: expected a mailbox"),
        (
            "mail:\n  host: smtp.example.com\n  sender: 声誉@example.com\n",
            "alerts.yaml:3: mail.sender: expected a mailbox",
        ),
        (MAIL.replace("}", ", password: x}"), "alerts.yaml:1: mail.password: unknown key"),
        (MAIL.replace("}", ", security: none}"), "mail: expected security: starttls or tls"),
        (MAIL.replace("smtp.example.com", "'smtp example'"), "mail.host"),
        (MAIL + "recipients:\n- {name: a}\n", "alerts.yaml:3: recipients[0]: expected either mail or webhook"),
        (MAIL + 'recipients:\n- {name: "a\\nb", mail: a@example.com}\n', "recipients[0].name: expected one line"),
        (MAIL + 'recipients:\n- {name: a, mail: "a@example.com\\r\\nBcc: b@example.com"}\n', "expected a mailbox"),
        (MAIL + "recipients:\n- {name: a, mail: a@b.cn}\n- {name: a, mail: b@b.cn}\n", "a is there twice"),
        ("recipients:\n- {name: a, mail: a@example.com}\n", "there is no section mail"),
        ("recipients:\n- {name: a, webhook: group}\n", "no webhook group in webhooks"),
        ("recipients:\n- {name: a, webhook: g, quiet: {start: '25:00', end: '08:00'}}\n", "recipients[0].quiet.start"),
        ("webhooks:\n  g: {platform: icq, url: {env: X}}\n", "alerts.yaml:2: webhooks.g.platform"),
        (
            "webhooks:\n  g: {platform: wecom, url: 'https://x/SECRET'}\n",
            "alerts.yaml:2: webhooks.g.url: expected env: NAME or",
        ),
        ("webhooks:\n  g: {platform: wecom, url: {}}\n", "webhooks.g.url: expected either env: NAME or file: PATH"),
        ("webhooks:\n  g: {platform: wecom, url: {env: X}, signing: {env: Y}}\n", "only dingtalk and feishu"),
        ("base_url: dunwatch.example.com\n", "alerts.yaml:1: base_url: expected http(s)://host"),
    ],
)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "alerts.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        Delivery.load(tmp_path)
    assert told in str(error.value)
    assert "SECRET" not in str(error.value)


def test_a_missing_secret_says_where_it_was_looked_for(tmp_path: Path) -> None:
    for secret, where in ((Secret(env="DUNWATCH_NOT_SET"), "DUNWATCH_NOT_SET"), (Secret(file=tmp_path / "x"), "x")):
        with pytest.raises(ConfigError, match=where):
            secret.read()
