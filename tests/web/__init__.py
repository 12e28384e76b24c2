"""The HTTP API and the page's own files, from outside."""
