"""Print how many attacks are unseen, by kind: `python -m tests.review.attacks.measure`."""
