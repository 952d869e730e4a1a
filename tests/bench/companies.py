"""Scores COMPANY on gold files, also with each company's own row hidden.

    python tests/bench/companies.py ../shared/gold/zh-dev.jsonl ../shared/gold/en-dev.jsonl
"""
