"""Files -> articles -> sections -> passages."""
