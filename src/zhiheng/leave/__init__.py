"""Leave: types, entitlements, balances with their ledger, requests."""
