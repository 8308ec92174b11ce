"""The pure part of the import: bytes and frames in, frames and issues out."""
