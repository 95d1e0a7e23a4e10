"""What happens once a site is online: the ledger is written, and search engines and feed hubs hear what has changed."""
