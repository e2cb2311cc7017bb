"""Verifications: both sides read again and held against each other, layer by layer."""
