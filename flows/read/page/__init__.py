"""What is known of news pages: their blocks, their metadata, and how to tell the article from what is around it."""
