"""Addresses of the web -> bytes: nothing but the public internet, bounded in size and time, politely."""

from flows.fetch.client import ARCHIVE, BOUNDS, Bounds, Response, download, opened, user_agent
from flows.fetch.errors import FetchError
from flows.fetch.guard import Guard

__all__ = ["ARCHIVE", "BOUNDS", "Bounds", "FetchError", "Guard", "Response", "download", "opened", "user_agent"]
