"""Figures for Prometheus: measured by whichever process does the work, kept in the state, shown by the web page."""
