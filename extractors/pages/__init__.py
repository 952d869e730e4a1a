"""HTML bytes to an Article."""

from extractors.pages.article import read_page

__all__ = ["read_page"]
