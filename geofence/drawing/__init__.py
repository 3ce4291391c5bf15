"""What officers draw on the map, turned into exclusion zones that can be judged."""

from geofence.drawing.edges import shapes_of, to_shapes
from geofence.drawing.parse import ZoneShape
from geofence.drawing.zone import Drawing, read_geojson, to_geojson

__all__ = ["Drawing", "ZoneShape", "read_geojson", "shapes_of", "to_geojson", "to_shapes"]
