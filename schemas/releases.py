"""Tables that only a public release has."""

from schemas.base import Table
from schemas.column import Text, column


class Snippets(Table):
    """One row is the sentence that reports an event, cut to the length that the source's text policy allows."""

    event_mention_id: Text = column("The report.", key=True, prefix="evm", references="event_mentions.event_mention_id")
    evidence: Text = column(
        "The sentence as printed, or its part around the trigger, with an ellipsis where it is cut."
    )
