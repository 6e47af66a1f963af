"""What the user types: one command a module, which parses, calls the layer below, and prints."""
