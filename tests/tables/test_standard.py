from tidymedia.tables.standard import (
    FAILURE_COLUMNS,
    ITEM_COLUMNS,
    MEDIA_COLUMNS,
    STATUS_COLUMNS,
    STATUSES,
    item_column_names,
    schema,
)


def test_a_schema_has_the_columns_in_order() -> None:
    for columns in (MEDIA_COLUMNS, ITEM_COLUMNS, STATUS_COLUMNS, FAILURE_COLUMNS):
        assert schema(columns).names == [column.name for column in columns]
        assert len(set(schema(columns).names)) == len(columns)
        assert all(column.meaning.endswith(".") for column in columns)


def test_the_range_of_a_status_lists_every_status() -> None:
    status = next(column for column in STATUS_COLUMNS if column.name == "status")
    assert status.range.split(" | ") == list(STATUSES) == ["ok", "empty", "partial", "failed", "skipped"]


def test_no_column_of_the_user_hides_one_of_ours_or_another() -> None:
    chosen = item_column_names(["Path", "path", "ID", "id", "text", "media_id"])
    assert chosen["text"] == "text"
    assert len({name.casefold() for name in chosen.values()} | {one.name for one in ITEM_COLUMNS}) == 10
