"""python -m tests.site: serve the site until it is stopped. The first line of output is its address."""

import argparse
import contextlib
import os
import sys
import threading

from tests.site.server import Site


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    options.add_argument("--port", type=int, default=8421, help="8421; another one where it is taken")
    options.add_argument("--attached", action="store_true", help="end when standard input does")
    given = options.parse_args()
    site = Site(given.port, or_any=True)
    print(site.url + "/", flush=True)
    if given.attached:
        threading.Thread(target=_end_with_input, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        site.serve_forever()


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
