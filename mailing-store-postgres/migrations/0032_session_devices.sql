-- Which browser a session was opened in, in words: `Firefox, Windows`. Unknown for older sessions.
ALTER TABLE sessions ADD COLUMN device TEXT;
