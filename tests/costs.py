"""Numbers of queries that logging adds to a page that shows patients."""

READ = 4  # savepoint, entry, patients of the entry, release of the savepoint
READ_BY_STAFF = READ + 1  # and the reader's roles, once per request
READ_OF_LOGINS = READ_BY_STAFF - 1  # an entry without patients
