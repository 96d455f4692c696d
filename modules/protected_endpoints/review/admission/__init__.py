"""Decide whether this project could have written a synthesized folder, whatever it means.

`grammar.json` describes what the project writes: files, blocks, types, arguments and expressions. Everything else is
not admitted until `review.toml` admits it.
"""
