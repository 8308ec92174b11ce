"""Background jobs: queues, progress, rescue of stalled ones."""
