"""What is read: passages and articles as HTML, marked, with where they come from."""
