"""The comments on every table, view, macro and column of a database."""

import duckdb

from schemas import RELEASE_TABLES, TABLES, columns
from schemas.sql import identifier, literal
from schemas.views import macros, views


def comments(con: duckdb.DuckDBPyConnection, *, public: bool = False) -> None:
    """Comment every table, view and macro of the current schema that the schemas know, and their columns.

    All in one transaction, which in a file is twenty times as fast: the connection must not be inside another.
    """
    told = {
        name: ((table.__doc__ or "").strip(), {column.name: column.description for column in columns(table)})
        for name, table in (TABLES | RELEASE_TABLES).items()
    } | {name: (view.comment, view.columns) for name, view in views(public=public).items()}
    found = con.execute(
        "SELECT t.table_name, t.table_type = 'VIEW', list(c.column_name)"
        " FROM information_schema.tables t"
        " JOIN information_schema.columns c USING (table_catalog, table_schema, table_name)"
        " WHERE t.table_catalog = current_database() AND t.table_schema = current_schema() GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    statements = ["BEGIN"]
    for name, is_view, names in found:
        if name not in told:
            continue
        comment, descriptions = told[name]
        statements.append(f"COMMENT ON {'VIEW' if is_view else 'TABLE'} {identifier(name)} IS {literal(comment)}")
        statements += [
            f"COMMENT ON COLUMN {identifier(name)}.{identifier(column)} IS {literal(description)}"
            for column, description in descriptions.items()
            if column in names
        ]
    functions = (
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal"
    )
    made = {name for (name,) in con.execute(f"{functions} AND database_name = current_database()").fetchall()}
    statements += [
        f"COMMENT ON MACRO TABLE {identifier(name)} IS {literal(macro.comment)}"
        for name, macro in macros().items()
        if name in made
    ]
    con.execute("; ".join([*statements, "COMMIT"]))
