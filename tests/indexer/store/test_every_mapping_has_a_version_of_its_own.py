"""Another mapping comes with another version, or writers would meet indices that refuse their documents."""

import hashlib
import json

from indexer.store import elastic_fields as fields

MAPPINGS = {2: "b9e1f056c728ebd5"}
"""Version → hash of its mapping. A new one gets a line; a line never changes once a version was released."""


def test_the_version_is_that_of_the_mapping() -> None:
    now = hashlib.sha256(json.dumps(fields.mappings(), sort_keys=True).encode()).hexdigest()[:16]
    assert MAPPINGS.get(fields.VERSION) == now, "another mapping: raise VERSION in indexer/store/elastic_fields.py"
