"""Packets of evidence as PDF: numbered pages, and on each the digest of all that stands in it."""

from dataclasses import asdict
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.look import long_day_of_year
from docket.evidence import Packet
from hearings.models import EvidencePacket
from journey.paper import Paper, set_in_type
from places import zones

FORM = Path(__file__).resolve().parent / "paper" / "evidence.typ"


def pdf_of(packet: Packet, *, noted: EvidencePacket, paper: Paper) -> bytes:
    """`packet` on `paper`, as it was `noted`."""
    when = zones.local(noted.made_at, packet.zone)
    given: dict[str, object] = {
        **asdict(packet),
        "language": (get_language() or "en").partition("-")[0],
        "paper": paper.value,
        "digest": packet.digest,
        "uid": str(noted.uid),
        "purpose": str(noted.get_purpose_display()),
        "reason": noted.reason,
        "made": _("Made on %(day)s, %(time)s, %(city)s time, by %(name)s")
        % {
            "day": long_day_of_year(when),
            "time": f"{when:%H:%M}",
            "city": packet.city,
            "name": noted.made_by_name,
        },
        "words": {
            "title": _("Record of notices and contacts"),
            "case": _("Case"),
            "hearing": _("Hearing"),
            "people": _("People"),
            "purpose": _("Purpose"),
            "when": _("When"),
            "what": _("What"),
            "source": _("Source"),
            "recorded": _("Written down"),
            "clocks": _("All hours by the clocks of %(city)s (%(zone)s), with their distance from UTC.")
            % {"city": packet.city, "zone": packet.zone},
            "confidential": _("Confidential: who is in these proceedings is protected (8 CFR 208.6)."),
            "digest": _("SHA-256 of the contents"),
            "number": _("Packet"),
            "page": _("page"),
        },
    }
    return set_in_type(FORM, given)
