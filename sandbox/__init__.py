"""AWS in a process, to deploy for real without an account."""
