"""Files that people upload: examined by their content, cleaned, and kept outside the web root."""
