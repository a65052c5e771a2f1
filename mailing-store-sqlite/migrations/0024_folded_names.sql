-- What is searched of mailings and users is in lower case. Migration 0017 had the database make it of the
-- rows there were, and that knows ASCII letters only, or those of its locale: the program does it anew
-- (mailing-store-sql/src/folding.rs).

SELECT 1;
