"""The migrated schema and the models are written apart; here they are held together."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, NullPool, create_engine, inspect
from sqlalchemy.types import TypeEngine

from supervision.bootstrap import MODELS
from supervision.core.db import Base
from supervision.stack.postgres import PrivatePostgres

# Read and written by plain statements only, so they have no model.
WITHOUT_MODEL = {
    "agency_ledger",
    "audit_entry",
    "process_heartbeat",
    "roster_epoch",
    "sweep_mark",
    "alembic_version",
    "spatial_ref_sys",
}
SAME = {"VARCHAR": "TEXT", "FLOAT": "DOUBLE PRECISION"}


@pytest.fixture
def owner(postgres: PrivatePostgres, template_database: str) -> Iterator[Engine]:
    engine = create_engine(postgres.urls(template_database).owner_url, poolclass=NullPool)
    yield engine
    engine.dispose()


def spoken(owner: Engine, kind: TypeEngine[object]) -> str:
    """The type's name in PostgreSQL, by which width, time zone and SRID differ."""
    name = kind.compile(dialect=owner.dialect)
    return SAME.get(name, name)


def in_schema(owner: Engine, table: str) -> dict[str, tuple[bool, str]]:
    return {
        column["name"]: (column["nullable"], spoken(owner, column["type"]))
        for column in inspect(owner).get_columns(table)
    }


def in_model(owner: Engine, table: str) -> dict[str, tuple[bool, str]]:
    return {
        column.name: (bool(column.nullable), spoken(owner, column.type))
        for column in Base.metadata.tables[table].columns
    }


def test_every_table_has_a_model_or_is_known_to_need_none(owner: Engine) -> None:
    assert MODELS
    tables = set(inspect(owner).get_table_names())
    assert tables == Base.metadata.tables.keys() | WITHOUT_MODEL


def test_every_column_is_the_same_in_both(owner: Engine) -> None:
    assert len(Base.metadata.tables) >= 16
    for table in Base.metadata.tables:
        assert in_model(owner, table) == in_schema(owner, table), table


def test_every_instant_knows_its_zone(owner: Engine) -> None:
    kinds = {kind for table in Base.metadata.tables for _, kind in in_schema(owner, table).values()}
    instants = {kind for kind in kinds if kind.startswith("TIMESTAMP")}
    assert instants == {"TIMESTAMP WITH TIME ZONE"}


def test_every_primary_key_is_the_same_in_both(owner: Engine) -> None:
    for name, table in Base.metadata.tables.items():
        if name == "position":  # partitions are keyed by content (ADR-0002)
            continue
        keys = inspect(owner).get_pk_constraint(name)["constrained_columns"]
        assert set(keys) == {column.name for column in table.primary_key}, name


def test_every_foreign_key_of_a_model_is_in_the_schema(owner: Engine) -> None:
    for name, table in Base.metadata.tables.items():
        expected = {(key.parent.name, key.target_fullname) for key in table.foreign_keys}
        found = {
            (key["constrained_columns"][0], f"{key['referred_table']}.{key['referred_columns'][0]}")
            for key in inspect(owner).get_foreign_keys(name)
        }
        assert expected == found, name
