"""Scrapy's settings: polite, honest about who asks, and nothing that listens or writes on its own."""

from importlib.metadata import version
from typing import Any

from crawler.run import Run

BOT_NAME = "dunwatch"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
USER_AGENT = f"dunwatch/{version('dunwatch')}"

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "dunwatch"
AUTOTHROTTLE_ENABLED = True
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0  # a delay is what a source says at least, and not half of it now and then
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the spider tells what failed
SLOWEST = 60.0
"""Seconds between two requests, at most, where only the site's slowness asks for them."""
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.3",
}

COOKIES_ENABLED = False
REFERER_ENABLED = False
HTTPAUTH_USER = ""
# A proxy would resolve names itself and so get around the refusal of private addresses.
HTTPPROXY_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_ENABLED = False
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
LOG_LEVEL = "WARNING"
LOG_INSTALL_ROOT_HANDLER = False
DNS_TIMEOUT = 20
TWISTED_DNS_RESOLVER = "crawler.addresses.Resolver"

DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "crawler.pacing.Paced")
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.PublicOnly": 90,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.Robots": 100,
    "crawler.middlewares.Conditional": 540,
    "crawler.middlewares.RetryAfter": 610,
}


def common() -> dict[str, Any]:
    """What holds for every source."""
    return {name: value for name, value in globals().items() if name.isupper()}


def of(run: Run, contact: str) -> dict[str, Any]:
    """The settings of one crawl; `contact` is told to the site in the user agent."""
    source, limits = run.source, run.source.limits
    return {
        **common(),
        "USER_AGENT": f"{USER_AGENT} (+{contact})" if contact else USER_AGENT,
        "DOWNLOAD_DELAY": limits.delay,
        "AUTOTHROTTLE_START_DELAY": limits.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(SLOWEST, limits.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(limits.concurrency),
        # No more than these are handed to the downloader, so that whoever waits there (RetryAfter) stops all others.
        "CONCURRENT_REQUESTS": limits.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": limits.concurrency,
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_VERIFY_CERTIFICATES": source.verify_tls,
        "DOWNLOAD_MAXSIZE": limits.max_bytes,
        "CLOSESPIDER_TIMEOUT": max(1, (run.ends_at - run.started_at).total_seconds()),
    }
