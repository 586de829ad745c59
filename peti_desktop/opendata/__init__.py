"""Open data: what is consolidated as CSV files with a dictionary, one version for the web and one for the entity."""
