"""Names and texts as SQL takes them: the one place where SQL is put together from values."""


def identifier(name: str) -> str:
    """A name in quotes, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in quotes, for statements that take no parameters (COMMENT ON, CREATE VIEW)."""
    return "'" + text.replace("'", "''") + "'"
