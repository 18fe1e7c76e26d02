"""Alerts: counts that rise beyond the ordinary, found by a test and by rules, explained and mailed."""
