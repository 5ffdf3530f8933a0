"""Who follows whom: follower graphs, made or read, and what can be measured on them."""
