"""Write the review as Markdown."""
