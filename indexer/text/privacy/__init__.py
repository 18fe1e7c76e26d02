"""Masking of personal data: who, where and how to reach a person leave the text; docs/privacy.md tells what and why."""

from indexer.text.privacy.masker import Masked, Masker

__all__ = ["Masked", "Masker"]
