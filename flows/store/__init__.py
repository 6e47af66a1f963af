"""Where rows live: immutable Parquet parts, numbered snapshots that commit all tables at once, a DuckDB catalog."""
