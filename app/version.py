"""The version of Basin: a leaf, so that workers of a study can compare theirs with the server's."""

VERSION = "0.2.0"
