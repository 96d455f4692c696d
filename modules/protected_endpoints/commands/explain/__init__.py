"""Describe one endpoint: how it serves, which protections are on and off and why, its warnings and its resources."""
