"""Who published or posted: one table."""

from typing import Final

import polars as pl

from schemas.base import Table
from schemas.column import Text, column
from schemas.rules import Rule, together

ACCOUNT: Final = Rule(
    "account_has_handle",
    "A social account has a handle, and no other source has one.",
    ("kind", "handle"),
    lambda: (pl.col("kind") == "social_account") == pl.col("handle").is_not_null(),
)


class Sources(Table, order=("name",), merged=True, rules=(ACCOUNT, together("handle", "platform"))):
    """One row is a publisher, an agency or an account that published an article or posted what an article embeds."""

    source_id: Text = column("The id of the source.", key=True, prefix="src")
    kind: Text = column("What the source is.", codes="source_kinds")
    name: Text = column("The name as the source gives it; the domain or the handle where no name is known.")
    domain: Text = column(
        "The internet domain in lower case, without www. Null where none is known.",
        nullable=True,
        pattern=r"^[^\s/:@A-Z]+$",
    )
    platform: Text = column(
        "The platform that carries a social account. Null for other sources.", nullable=True, codes="platforms"
    )
    handle: Text = column(
        "The handle of a social account, without the leading @. Null for other sources.",
        nullable=True,
        pattern=r"^[^@\s]\S*$",
    )
    country_code: Text = column(
        "The country where the source has its seat. Null where it is not known.", nullable=True, codes="countries"
    )
    text_policy: Text = column("How much of the source's text a public release may hold.", codes="text_policies")
    licence: Text = column(
        "The licence of the source's texts, an SPDX identifier or a URL. Null where none is known.", nullable=True
    )
