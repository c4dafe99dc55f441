"""The words of certificates and letters, how they are printed, and why one is refused."""
