"""Phone numbers in one form, E.164."""

from __future__ import annotations

import re

import phonenumbers

OLD_DIALLING = re.compile(r"^(?:044|045)(?=\d{10}$)|^(?:\+|00)?521(?=\d{10}$)")


class NoPhoneNumber(ValueError):
    """The text is no phone number that could exist. Its message does not repeat the text."""


def to_e164(text: str, region: str = "MX") -> str:
    """The number as "+" and digits, read as dialled in `region` (ISO 3166-1 alpha-2) unless it carries a country code.

    Mexican mobiles are still written the old ways, `+52 1 656 ...` and `044 656 ...`: the `1` and the `044` or `045`
    were abolished in August 2019 and are dropped. Raises NoPhoneNumber.
    """
    digits = ("+" if text.strip().startswith("+") else "") + "".join(c for c in text if c.isdecimal())
    if region == "MX" or digits.startswith("+"):
        digits = OLD_DIALLING.sub(lambda m: "+52" if "521" in m.group() else "", digits)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        raise NoPhoneNumber("no phone number") from None
    if not phonenumbers.is_possible_number(number):
        raise NoPhoneNumber("no phone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
