"""Experiments, asked for over the API as a visitor's page would."""
