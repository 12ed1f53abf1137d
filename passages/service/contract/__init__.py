"""What a request may ask and what is answered, as JSON, and the document that says so."""
