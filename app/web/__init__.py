"""The playground over HTTP: parse, call one function of the laboratory, return."""
