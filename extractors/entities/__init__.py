"""Entities in a text: one module a type, listed in ENTITIES.

>>> [e.text for e in find_entities("xAI计划连接10万块英伟达H100 GPU，耗资60亿美元", "zh")]
['xAI', '10万块英伟达H100 GPU', '英伟达', '60亿美元']
>>> find_entities("")
[]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from extractors.entities.company import find_companies
from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage
from extractors.errors import TextError
from extractors.language.reading import Reading
from extractors.model import Company, Entity, GpuCount, Money


class EntityType(NamedTuple):
    record: type[Entity]
    find: Callable[[Passage], Sequence[Entity]]


def find_entities(text: str, lang: str | None = None) -> list[Entity]:
    """All entities of a text, in order of their start, the longer first; types may nest.

    `lang` is `zh` or `en` (tags like `zh-Hant` too); `None` reads it off the text. Offsets are code points of `text`.
    Raises `TextError` for a language without rules, and for half a surrogate pair, which is no text.
    """
    _check(text)
    return _find(Passage.of(text, lang))


def entities_of(reading: Reading) -> list[Entity]:
    """The same for a text that was read for its sentences and words before.

    >>> from extractors.language.reading import read
    >>> entities_of(read("英伟达融资60亿美元", "zh")) == find_entities("英伟达融资60亿美元", "zh")
    True
    """
    _check(reading.text)
    return _find(Passage.of_reading(reading))


def _check(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise TextError(f"half a surrogate pair at offset {error.start}") from None


def _find(passage: Passage) -> list[Entity]:
    found = [entity for entity_type in ENTITIES for entity in entity_type.find(passage)]
    return sorted(found, key=lambda e: (e.start, -e.end, e.type))


ENTITIES: tuple[EntityType, ...] = (
    EntityType(Company, find_companies),
    EntityType(GpuCount, find_gpu_counts),
    EntityType(Money, find_money),
)
