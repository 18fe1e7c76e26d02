"""config/dunwatch.yaml: how dunwatch itself works. What it watches is in the other files of config/."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from indexer import configfile
from indexer.configfile import ConfigError


def secret(name: str) -> str:
    """The environment's `name`, or what is in the file that the environment's `name`_FILE names; "" without either.

    Raises ConfigError where that file can't be read.
    """
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name}_FILE={file!r}: can't be read: {error}") from None
    return os.environ.get(name, "")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Web(_Section):
    """Where the web page listens, and what stands before it."""

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=1, le=65535)
    names: tuple[str, ...] = ()
    """Host names other than localhost by which browsers come, such as that of a reverse proxy."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks of reverse proxies, whose X-Forwarded-For and X-Forwarded-Proto are believed."""

    @field_validator("names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63}){0,30}", name, re.IGNORECASE):
                raise ValueError("expected a host name such as dunwatch.example.com, without scheme and port")
        return names

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise ValueError("expected an address such as 127.0.0.1 or a network such as 10.0.0.0/8") from None
        return proxies

    @property
    def private(self) -> bool:
        """Whether only this machine can reach it: it listens on a loopback address, and nothing leads others there."""
        return is_loopback(self.host) and not self.names and not self.proxies


def is_loopback(host: str) -> bool:
    """Whether it is an address, or the name, of this machine for itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class ElasticsearchSettings(_Section):
    """Which cluster, and how to get in. Secrets come from the environment and are never in the file."""

    hosts: tuple[str, ...] = ("http://127.0.0.1:9200",)
    prefix: str = Field(default="dunwatch", pattern=r"^[a-z][a-z0-9-]{0,40}$")
    """What the names of all indices, aliases and templates begin with."""
    username: str = ""
    """For basic authentication, with the environment's DUNWATCH_ES_PASSWORD; an API key is DUNWATCH_ES_API_KEY."""
    ca_file: Path | None = None
    """Certificates that the cluster's is checked against, where the system's don't do."""
    shards: int = Field(default=1, ge=1, le=64)
    replicas: int = Field(default=1, ge=0, le=5)
    timeout: float = Field(default=30, gt=0, le=600)
    """Seconds for one request."""

    @field_validator("hosts")
    @classmethod
    def _are_addresses(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            parts = urlsplit(host)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
                raise ValueError("expected http(s)://host:port, without a user or password")
        return hosts

    def client(self) -> dict[str, Any]:
        """The arguments of elasticsearch.Elasticsearch. TLS is always verified."""
        words: dict[str, Any] = {"hosts": list(self.hosts), "request_timeout": self.timeout, "retry_on_timeout": True}
        if key := secret("DUNWATCH_ES_API_KEY"):
            words["api_key"] = key
        elif self.username:
            words["basic_auth"] = (self.username, secret("DUNWATCH_ES_PASSWORD"))
        if self.ca_file:
            words["ca_certs"] = str(self.ca_file)
        return words


class Settings(_Section):
    """The whole of config/dunwatch.yaml; every key has a default, so an empty file will do."""

    store: Literal["embedded", "elasticsearch"] = "embedded"
    """The environment's DUNWATCH_STORE overrides it: `embedded`, or the address of an Elasticsearch."""
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    web: Web = Web()
    redis: str = ""
    """redis://host:port/number of the Redis that crawl workers share; none: they share the data directory."""
    lease: float = Field(default=60, ge=4, le=3600)
    """Seconds after its last sign of life at which others take over what a worker crawled."""
    crawls: int = Field(default=4, ge=1, le=256)
    """Sources that one worker crawls at the same time, each in a process of its own."""
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

    @field_validator("redis")
    @classmethod
    def _is_a_redis(cls, url: str) -> str:
        if url and urlsplit(url).password:
            raise PydanticCustomError(configfile.SECRET, "a password doesn't belong here: give DUNWATCH_REDIS_PASSWORD")
        if url and not _is_redis(url):
            raise ValueError("expected redis://host:port/0, or rediss:// for TLS")
        return url

    @field_validator("contact")
    @classmethod
    def _is_one_line(cls, contact: str) -> str:
        if not contact.isprintable():
            raise ValueError("expected one line without control characters")
        return contact

    @property
    def backend(self) -> Literal["embedded"] | ElasticsearchSettings:
        """The store in use: `embedded`, or where the cluster is."""
        return self.elasticsearch if self.store == "elasticsearch" else "embedded"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def redis_url(self) -> str:
        """The address of the Redis with its password; "" where there is none. Not to be shown. Raises ConfigError.

        The environment's DUNWATCH_REDIS overrides the file's; the password is DUNWATCH_REDIS_PASSWORD, or in it.
        """
        url = secret("DUNWATCH_REDIS") or self.redis
        if not url:
            return ""
        if not _is_redis(url):
            raise ConfigError("DUNWATCH_REDIS: expected redis://host:port/0, or rediss:// for TLS")
        parts, password = urlsplit(url), secret("DUNWATCH_REDIS_PASSWORD")
        if not password or parts.password:
            return url
        user, _, host = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()

    @classmethod
    def load(cls, config: Path) -> "Settings":
        """The settings in the folder `config`; the defaults where it has no dunwatch.yaml. Raises ConfigError."""
        file = config / "dunwatch.yaml"
        settings = configfile.load(file, cls) if file.exists() else cls()
        return settings._with_store(os.environ.get("DUNWATCH_STORE", ""))

    def _with_store(self, given: str) -> "Settings":
        if not given or given in ("embedded", "elasticsearch"):
            return self.model_copy(update={"store": given or self.store})
        try:
            words = {**self.elasticsearch.model_dump(), "hosts": given.split(",")}
            cluster = ElasticsearchSettings.model_validate(words)
        except ValidationError:
            expected = "expected embedded, elasticsearch or http(s)://host:port"
            raise ConfigError(f"DUNWATCH_STORE={given!r}: {expected}") from None
        return self.model_copy(update={"store": "elasticsearch", "elasticsearch": cluster})


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("redis", "rediss") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False
