"""Bringing in somebody's own spreadsheet: read → columns → preview → apply. Nothing is stored before ``apply``.

Reading happens in a child process that knows neither store nor windows, so this file imports nothing.
"""
