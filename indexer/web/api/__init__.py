"""The JSON API below /api, with its description in OpenAPI."""

from indexer.web.api.app import create_api

__all__ = ["create_api"]
