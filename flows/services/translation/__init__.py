"""Engines that translate, and how their texts travel."""
