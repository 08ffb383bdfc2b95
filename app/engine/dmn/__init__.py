"""DMN 1.5: decision models read, checked and worked out."""
