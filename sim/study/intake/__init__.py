"""Your own audience: twelve answers and the last posts become a case, a first estimate, and the next question."""
