"""Connectors: systems outside are read by themselves, and their rows become records by mappings that people make."""
