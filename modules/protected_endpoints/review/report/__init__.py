"""Write a review as Markdown."""
