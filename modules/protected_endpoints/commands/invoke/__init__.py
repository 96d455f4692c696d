"""The command `invoke`: a request to an endpoint, and why AWS refuses one."""
