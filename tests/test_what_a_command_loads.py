"""A search answers at once: what takes seconds to import is imported by the commands that need it."""

import subprocess
import sys


def test_the_command_line_loads_neither_models_nor_the_crawler():
    code = "import dunwatch, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"snownlp", "scrapy", "twisted", "trafilatura"} & set(loaded)
    assert "dunwatch" in loaded
    assert not heavy
