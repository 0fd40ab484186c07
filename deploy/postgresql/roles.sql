-- psql -v ON_ERROR_STOP=1 -f roles.sql, once, as superuser; the three passwords in the environment.
-- mypage reads and writes rows and can define nothing; mypage_owner defines, and is used by a few commands only.
\getenv password MYPAGE_ROLE_PASSWORD
\getenv owner_password MYPAGE_OWNER_PASSWORD
\getenv replication_password MYPAGE_REPLICATION_PASSWORD
CREATE ROLE mypage LOGIN PASSWORD :'password';
CREATE ROLE mypage_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE mypage_replication LOGIN REPLICATION PASSWORD :'replication_password';
CREATE DATABASE mypage OWNER mypage_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE mypage FROM PUBLIC;
GRANT CONNECT ON DATABASE mypage TO mypage;
-- What PgBouncer in transaction mode cannot set for each connection.
ALTER ROLE mypage IN DATABASE mypage SET jit = off;
ALTER ROLE mypage IN DATABASE mypage SET timezone = 'UTC';
ALTER ROLE mypage IN DATABASE mypage SET lock_timeout = '5s';
ALTER ROLE mypage IN DATABASE mypage SET idle_in_transaction_session_timeout = '3s';
\connect mypage
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO mypage;
ALTER DEFAULT PRIVILEGES FOR ROLE mypage_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mypage;
ALTER DEFAULT PRIVILEGES FOR ROLE mypage_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO mypage;
