"""One story told on many sites: near-duplicate articles, found and grouped."""
