"""How bodies are read and written: JSON through orjson, problems with their own media type."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

JSON = "application/json"
PROBLEM = "application/problem+json"


def _plain(value: object) -> object:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


class JSONRenderer(BaseRenderer):
    """JSON in UTF-8, moments in UTC with a Z."""

    media_type = JSON
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """The bytes of `data`; nothing for an answer without a body."""
        return b"" if data is None else orjson.dumps(data, default=_plain, option=orjson.OPT_UTC_Z)


class JSONParser(BaseParser):
    """Strict JSON: no NaN, no lone surrogates, no nesting without end."""

    media_type = JSON
    renderer_class = JSONRenderer

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """What the body says. Raises ParseError, and RequestDataTooBig beyond the size that Django takes."""
        body = parser_context["request"]._request.body  # unlike the stream, this knows its limit
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ParseError(_("The body is not valid JSON.")) from None
