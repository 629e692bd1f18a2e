"""Recommend Django or Flask, and render a starter repository that runs."""
