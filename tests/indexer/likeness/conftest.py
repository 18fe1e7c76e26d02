from tests.indexer.likeness.placing import placed as placed
