"""Mask credentials in addresses."""

import re

MASK = "•••"

#: Names of what is secret: parts of keys, headers and parameters.
SECRET_NAMES = r"passw|secret|token|authori[sz]ation|api_?key|cookie|credential|signature"  # noqa: S105

_USERINFO = re.compile(r"(\w://)[^/\s?#]+@")
_PARAMETER = re.compile(rf"([?&][^=&\s]*(?:{SECRET_NAMES})[^=&\s]*=)[^&\s'\"]+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Return text in which user names, passwords and secret parameters of addresses are masked."""
    return _PARAMETER.sub(rf"\1{MASK}", _USERINFO.sub(rf"\1{MASK}@", text))
