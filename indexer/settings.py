"""config/dunwatch.yaml: how dunwatch itself works. What it watches is in the other files of config/."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from indexer import configfile


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Web(_Section):
    """Where the web page listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=1, le=65535)


class Settings(_Section):
    """The whole of config/dunwatch.yaml; every key has a default, so an empty file will do."""

    store: Literal["embedded"] = "embedded"
    web: Web = Web()
    contact: str = Field(default="", max_length=200)
    """A mailbox or an address of a page, told to the sites that are crawled."""
    keep_hotlines: tuple[str, ...] = ()
    """Numbers that masking leaves alone, such as a lender's own hotline."""
    timezone: str = "Asia/Shanghai"
    """IANA zone in which days begin and times are shown."""
    jobs: int = Field(default=0, ge=0, le=256)
    """Processes that analyse when many posts wait; 0: one for each core."""

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("expected an IANA time zone such as Asia/Shanghai")
        return name

    @field_validator("contact")
    @classmethod
    def _is_one_line(cls, contact: str) -> str:
        if not contact.isprintable():
            raise ValueError("expected one line without control characters")
        return contact

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @classmethod
    def load(cls, config: Path) -> "Settings":
        """The settings in the folder `config`; the defaults where it has no dunwatch.yaml. Raises ConfigError."""
        file = config / "dunwatch.yaml"
        return configfile.load(file, cls) if file.exists() else cls()
