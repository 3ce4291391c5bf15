"""The servers every other test stands on."""

from psycopg2 import extensions


def test_a_scratch_database_has_postgis(postgis: extensions.connection) -> None:
    with postgis.cursor() as cursor:
        cursor.execute("SELECT ST_Distance(ST_Point(0, 0), ST_Point(3, 4)), current_user")
        assert cursor.fetchone() == (5.0, "supervision_owner")
