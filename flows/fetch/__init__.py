"""Addresses of the web -> bytes: nothing but the public internet, bounded in size and time, politely.

`client.download` streams one address; a `visitor.Visitor` asks as a guest does. Nothing is imported here: an HTTP
client takes a tenth of a second, and most commands have no use for it.
"""
