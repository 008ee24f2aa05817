-- Makes the two roles and the database. Once, by an administrator:
--   psql -v owner_password="$(cat owner.txt)" -v reader_password="$(cat reader.txt)" -f db/postgresql/setup.sql postgres
-- axonometer owns the tables and writes them; axonometer_reader can only read them, and is whom axonometer's sql command asks as.
CREATE ROLE axonometer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE axonometer_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'reader_password';
ALTER ROLE axonometer_reader SET default_transaction_read_only = on;
CREATE DATABASE axonometer OWNER axonometer ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE axonometer FROM PUBLIC;
GRANT CONNECT ON DATABASE axonometer TO axonometer_reader;
\connect axonometer
ALTER SCHEMA public OWNER TO axonometer;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO axonometer_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE axonometer IN SCHEMA public GRANT SELECT ON TABLES TO axonometer_reader;
