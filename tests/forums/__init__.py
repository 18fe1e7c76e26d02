"""Real forum software for the tests: installed by pip into build/forums, started in seconds, filled with threads."""
