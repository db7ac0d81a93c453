-- Names that nearly fit: stored in Go with each rule and opening, since to fold a name takes more than SQL has.

-- +goose Up
ALTER TABLE routing_rules
    -- The name without what is put around it, and the same in letters that pg_trgm sees in any locale.
    ADD COLUMN folded_name  text NOT NULL DEFAULT '',
    ADD COLUMN trigram_name text NOT NULL DEFAULT '';
ALTER TABLE openings
    ADD COLUMN folded_name  text NOT NULL DEFAULT '',
    ADD COLUMN trigram_name text NOT NULL DEFAULT '';

-- What is there already is folded as far as SQL can, so that decorations stay; the rest comes with its next change.
CREATE FUNCTION digit(n bigint) RETURNS text LANGUAGE sql AS $$ SELECT substr('0123456789abcdefghijklmnopqrstuvwxyz', n::int + 1, 1) $$;
-- +goose StatementBegin
CREATE FUNCTION trigram_text(name text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(CASE WHEN latin <> before THEN ' ' ELSE '' END || CASE
        WHEN latin THEN c
        WHEN r < 46656 THEN digit(r * 28657 % 46656 / 1296) || digit(r * 28657 % 1296 / 36) || digit(r * 28657 % 36)
        ELSE digit(r * 28657 % 1679616 / 46656) || digit(r * 28657 % 46656 / 1296) || digit(r * 28657 % 1296 / 36) || digit(r * 28657 % 36)
    END, '' ORDER BY n), '')
    FROM (
        SELECT c, n, ascii(c)::bigint AS r, c ~ '^[a-z0-9]$' AS latin, lag(c ~ '^[a-z0-9]$') OVER (ORDER BY n) AS before
        FROM regexp_split_to_table(name, '') WITH ORDINALITY AS t (c, n) WHERE c <> ''
    ) runes
$$;
-- +goose StatementEnd
-- No wall stands open for the owner either; these are opened for a statement.
ALTER TABLE routing_rules NO FORCE ROW LEVEL SECURITY;
ALTER TABLE openings NO FORCE ROW LEVEL SECURITY;
UPDATE routing_rules SET folded_name = regexp_replace(lower(normalized_position_name), '[][[:space:]()/|,.:;~_!?&・-]', '', 'g');
UPDATE openings SET folded_name = regexp_replace(lower(normalize(name, NFKC)), '[][[:space:]()/|,.:;~_!?&・-]', '', 'g');
UPDATE routing_rules SET trigram_name = trigram_text(folded_name);
UPDATE openings SET trigram_name = trigram_text(folded_name);
ALTER TABLE routing_rules FORCE ROW LEVEL SECURITY;
ALTER TABLE openings FORCE ROW LEVEL SECURITY;
DROP FUNCTION trigram_text(text);
DROP FUNCTION digit(bigint);
CREATE INDEX routing_rules_by_folded_name ON routing_rules (company_id, folded_name);

-- Under which names a posting's applications were routed: whether it was renamed.
CREATE INDEX inbox_entries_by_posting ON inbox_entries (company_id, position_id, normalized_position_name, medium)
    WHERE state = 'ROUTED' AND position_id IS NOT NULL;

-- What a rule has routed, also where that was undone or changed since. The entries' own index knew the latest only.
CREATE INDEX routing_decisions_by_rule ON routing_decisions (company_id, rule_id, at) INCLUDE (entry_id) WHERE decided_by = 'RULE';
DROP INDEX inbox_entries_by_rule;
