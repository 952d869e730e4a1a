"""The new articles that a source offers: its feeds, sitemaps, list pages and APIs, read into links."""
