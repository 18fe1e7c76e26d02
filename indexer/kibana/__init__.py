"""Kibana's data views, saved searches and dashboards as code, and the indices that they need beside the posts'."""
