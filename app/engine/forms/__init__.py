"""Forms: `.form` files read into fields, and what people answer read into typed values."""
