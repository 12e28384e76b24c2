"""The shapes of the answers, as pydantic models for the OpenAPI document."""
