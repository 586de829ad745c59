"""The office's keys and those of the people it confirmed, made and kept without a server."""
