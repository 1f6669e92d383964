"""Where a sheet was brought in: what holds for its families where its cells say nothing."""

from places.models import Crossing
from places.rules import folded
from sheets.checking import Ground
from sheets.models import Import


def ground_of(sheet: Import) -> Ground:
    """What holds where the cells of `sheet` say nothing."""
    crossings = Crossing.objects.filter(city=sheet.site.city_id).select_related("city")
    by_name = {
        folded(name): crossing
        for crossing in crossings
        for name in (crossing.name, crossing.also_called, crossing.label)
        if name
    }
    return Ground(
        site=sheet.site_id,
        zone=sheet.site.city.zone,
        now=sheet.uploaded_at,
        arrived_on=sheet.arrived_on,
        crossing=next((each for each in crossings if each.pk == sheet.crossing_id), sheet.crossing),
        crossings=by_name,
    )
