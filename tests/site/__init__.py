"""A small web site of our own, for the tests and for the first run; nothing in it is copied."""
