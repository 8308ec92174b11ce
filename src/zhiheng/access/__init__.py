"""Who may do what: users, memberships, roles, permissions, data scopes, API tokens."""
