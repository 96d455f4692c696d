"""Read `endpoints.toml` and report every mistake in it at once."""
