"""Numbers in a text, before anyone knows of what."""

from __future__ import annotations

from extractors.model import Lang, Quantity


def find_quantities(folded: str, lang: Lang) -> list[Quantity]:
    raise NotImplementedError
