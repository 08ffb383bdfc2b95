"""Pages for who keeps the installation running."""
