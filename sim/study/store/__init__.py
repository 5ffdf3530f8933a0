"""Where studies are kept: the ledger of finished runs, the folder, its hashes, and how it is read again."""
