"""Servers and engines that belong to neither side."""
