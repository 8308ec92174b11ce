"""Pure calculation of approvals."""
