"""The playground over HTTP: the page and its files, and the API."""
