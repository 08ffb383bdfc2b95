"""Pages for whoever runs the installation, and for machines that watch it."""
