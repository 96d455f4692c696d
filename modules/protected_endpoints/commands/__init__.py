"""The commands of the console script `protected-endpoints`; `cli` lists them."""
