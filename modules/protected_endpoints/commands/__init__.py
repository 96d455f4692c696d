"""The commands of the console script `protected-endpoints`, one a file or folder."""
