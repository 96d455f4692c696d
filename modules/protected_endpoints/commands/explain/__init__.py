"""Explain one endpoint to people: what is made, which protections are on and off and why, which rules warned."""
