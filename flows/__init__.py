"""How a row is made: raw articles in, a dataset of events, actors, quotes and sources out."""
