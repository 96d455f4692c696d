"""Load `endpoints.toml`: validate it, merge overrides, and report all errors at once."""
