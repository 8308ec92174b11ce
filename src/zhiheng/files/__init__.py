"""Files that users upload or download, kept in PostgreSQL."""
