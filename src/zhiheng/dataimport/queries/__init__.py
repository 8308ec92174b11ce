"""Reads of the import: registered targets, batches, remembered mappings."""
