"""Delivers what is due, as a process of its own that can be killed: arguments are CONFIG, DATA and the time."""

import sys
from datetime import datetime
from pathlib import Path

from indexer.alerts.messages.delivery import Delivery
from indexer.alerts.messages.letters import senders
from indexer.alerts.messages.outbox import Outbox
from indexer.state import State

if __name__ == "__main__":
    config, data, now = sys.argv[1:]
    with State(Path(data)) as state:
        print(Outbox(state).deliver(senders(Delivery.load(Path(config))), datetime.fromisoformat(now)))
