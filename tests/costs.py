"""What the log asks of the database for a page that shows patients, on top of the page's own questions."""

READ = 4  # a savepoint, the entry, the patients in it, the end of the savepoint
READ_BY_STAFF = READ + 1  # and in which roles they read, once per request
