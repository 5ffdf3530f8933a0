"""Who is in the audience: groups, feelings, habits, roles, and when each row looks at its phone."""
