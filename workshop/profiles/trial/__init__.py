"""A profile tried against a test server, service by service; and the report of it."""
