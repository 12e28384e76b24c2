"""The playground over HTTP: parse, call one function of the service, return."""
