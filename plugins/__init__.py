"""Plugins decide; the theme draws. A room a feature, each a pure core behind a thin Pelican shell."""
