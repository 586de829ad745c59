"""The SQL of each part of the store, as functions on a connection."""
