"""Is the log as it was written, and are the tables as the log says?"""
