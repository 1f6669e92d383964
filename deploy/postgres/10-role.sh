#!/bin/sh
# Makes the application's role and database. The role is no superuser: one would bypass row security.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$MPP_DATABASE_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE mpp LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE mpp OWNER mpp;
REVOKE ALL ON DATABASE mpp FROM PUBLIC;
SQL
