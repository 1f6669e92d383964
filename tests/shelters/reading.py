"""A page as somebody reads it, and what it may cost."""

import gzip
import re

LIGHT = 30_000
FEW_QUERIES = 10


def weight(response) -> int:
    return len(gzip.compress(response.content, 6))


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
