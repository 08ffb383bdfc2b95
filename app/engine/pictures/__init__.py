"""Diagrams drawn as SVG: for pages without script, for documents, for mail."""
