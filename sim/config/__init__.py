"""The one parameter table: every value with its unit, range, role and source."""
