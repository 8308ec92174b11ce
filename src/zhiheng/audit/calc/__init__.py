"""The arithmetic of the audit chain: canonical form, digests, signatures, what is wrong with a chain."""
