"""The data folder: raw pages as WARC files, the tables as parquet, and what keeps both whole."""
