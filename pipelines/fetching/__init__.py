"""The parts of the polite client; `pipelines.fetch.Fetcher` puts them together."""
