"""The people who work with the portal: their accounts, rights, sessions and one-time links."""
