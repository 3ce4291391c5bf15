"""The zones of a set are drawn or imported, on the agency's clocks, and each bad one is named."""

from typing import Any

import pytest

from geofence.service import ChangedTerms, ZoneKind, ZoneTerms
from supervision.core.errors import Invalid, NotFound, ZoneInvalid
from tests.harness import LONG_AGO, T0, World, circle
from tests.zoning import HOME, LAT, LON, amend, daily, epoch, import_circles, make_set, with_sets

FAR_LON = LON + 1.0


def draw(world: World, zone_set_id: int, terms: ZoneTerms, geojson: Any = HOME) -> int:
    return with_sets(
        world, lambda sets: sets.draw(zone_set_id, "School", geojson, LONG_AGO, terms).zone_id
    )


def import_all(world: World, zone_set_id: int, features: object, **how: Any) -> Any:
    collection = {"type": "FeatureCollection", "features": features}
    return with_sets(
        world, lambda sets: sets.import_collection(zone_set_id, collection, LONG_AGO, **how)
    )


def named(feature: dict[str, Any], name: object = "School") -> dict[str, Any]:
    return feature | {"properties": feature["properties"] | {"name": name}}


def test_a_sets_zone_is_nobodys_and_counts_by_the_agencys_clocks(world: World) -> None:
    world.one("UPDATE agency SET time_zone = 'America/Chicago' RETURNING id")
    zone_set_id = make_set(world)
    zone_id = draw(world, zone_set_id, ZoneTerms(warning_m=300))
    (zone,) = world.rows("SELECT * FROM zone")
    (version,) = world.rows("SELECT * FROM zone_version")
    assert (zone.id, zone.zone_set_id, zone.kind) == (zone_id, zone_set_id, "exclusion")
    assert (zone.supervisee_id, zone.court_order_id, zone.order_clause_id) == (None, None, None)
    assert (version.supervisee_id, version.time_zone) == (None, "America/Chicago")
    assert (version.warning_m, version.ends_at, version.epoch) == (300, None, epoch(world))


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (ZoneTerms(schedule=daily("08:00", "16:00")), "at all times"),
        (ZoneTerms(ZoneKind.INCLUSION), "exclusion zones only"),
        (ZoneTerms(warning_m=30_000), "between 0 and 20 km"),
    ],
)
def test_a_sets_zone_has_a_warning_ring_but_no_other_terms(
    world: World, terms: ZoneTerms, why: str
) -> None:
    zone_set_id = make_set(world)
    with pytest.raises(Invalid, match=why):
        draw(world, zone_set_id, terms)
    with pytest.raises(Invalid, match=why):
        import_all(world, zone_set_id, [named(HOME)], terms=terms)
    zone_id = draw(world, zone_set_id, ZoneTerms())
    if terms.schedule is not None:
        with pytest.raises(Invalid, match=why):
            amend(world, zone_id, T0, ChangedTerms(schedule=terms.schedule))


def test_a_zone_that_cannot_be_judged_is_not_drawn(world: World) -> None:
    zone_set_id = make_set(world)
    with pytest.raises(ZoneInvalid):
        draw(world, zone_set_id, ZoneTerms(), circle(LON, LAT, -1))
    with pytest.raises(NotFound):
        draw(world, zone_set_id + 1, ZoneTerms())
    assert world.rows("SELECT FROM zone") == []


def test_an_import_draws_the_good_features_and_names_each_bad_one(world: World) -> None:
    zone_set_id = make_set(world)
    features = [
        named(HOME, "  Lincoln\u00a0Elementary "),
        HOME,
        named(circle(LON, 99, 200), "Nowhere"),
        named(HOME, "x" * 300),
        "words",
        named(HOME, 7),
        named(HOME, "\x00"),
        None,
    ]
    imported = import_all(world, zone_set_id, features)
    names = world.rows("SELECT name FROM zone ORDER BY id")
    assert [row.name for row in names] == ["Lincoln Elementary", "x" * 200]
    assert len(imported.drawn) == 2
    assert [(one.place, one.name) for one in imported.refused] == [
        (1, None),
        (2, "Nowhere"),
        (4, None),
        (5, None),
        (6, None),
        (7, None),
    ]
    assert all(one.reason.endswith(".") for one in imported.refused)
    assert "99" not in imported.refused[1].reason


def test_points_of_a_list_get_the_radius_they_do_not_bring(world: World) -> None:
    zone_set_id = make_set(world)
    bare = {**HOME, "properties": {"name": "Bare"}}
    imported = import_all(world, zone_set_id, [bare, named(HOME)], radius_m=304.8)
    assert imported.refused == []
    radii = world.rows("SELECT buffer_m FROM zone_version ORDER BY zone_id")
    assert [row.buffer_m for row in radii] == [304.8, 200]
    assert import_all(world, zone_set_id, [bare]).refused[0].name == "Bare"


def test_an_import_is_one_change_however_many_zones(world: World) -> None:
    zone_set_id = make_set(world)
    before = epoch(world)
    import_circles(world, zone_set_id, LON, FAR_LON)
    assert {row.epoch for row in world.rows("SELECT epoch FROM zone_version")} == {before + 1}
    assert epoch(world) == before + 1


@pytest.mark.parametrize(
    "collection",
    [{}, HOME, {"type": "FeatureCollection"}, {"type": "FeatureCollection", "features": {}}],
)
def test_what_is_no_collection_is_refused(world: World, collection: dict[str, Any]) -> None:
    zone_set_id = make_set(world)
    with pytest.raises(Invalid, match="FeatureCollection"):
        with_sets(world, lambda sets: sets.import_collection(zone_set_id, collection, T0))
    with pytest.raises(Invalid, match="10000 features"):
        import_all(world, zone_set_id, [None] * 10_001)


def test_nothing_good_in_an_import_changes_nothing(world: World) -> None:
    zone_set_id = make_set(world)
    before = epoch(world)
    imported = import_all(world, zone_set_id, [None])
    assert (imported.drawn, len(imported.refused), epoch(world)) == ([], 1, before)
