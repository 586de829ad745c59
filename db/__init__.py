"""The store: tables, migrations, sessions, queries. The only room that knows SQL."""
