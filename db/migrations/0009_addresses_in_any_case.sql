-- An address is found in whatever case it is typed.
DROP INDEX accounts_by_admin_email;
CREATE INDEX accounts_by_admin_email ON accounts (LOWER(admin_email));
