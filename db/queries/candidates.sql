-- A person is a row that stands, and whatever rows were merged into it.

-- name: CandidatesByID :many
-- All rows of the people whom the ids name, whichever of their rows each does; the one that stands comes first.
SELECT q.id AS asked, sqlc.embed(c)
FROM candidates q JOIN candidates c ON c.company_id = q.company_id AND c.person_id = q.person_id
WHERE q.company_id = @company_id AND q.id = ANY(@ids::uuid[])
ORDER BY q.id, c.merged_into NULLS FIRST, c.id;

-- name: CandidateRowsByID :many
-- Just these rows.
SELECT * FROM candidates WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: MergedInto :many
SELECT * FROM candidates WHERE company_id = @company_id AND merged_into = ANY(@ids::uuid[]) ORDER BY merged_into, id;

-- name: ApplicationsByCandidate :many
-- The whole person's, whichever of their rows is asked for.
SELECT q.id AS asked, sqlc.embed(a)
FROM candidates q JOIN candidates c ON c.company_id = q.company_id AND c.person_id = q.person_id
JOIN applications a ON a.company_id = @company_id AND a.candidate_id = c.id
WHERE q.company_id = @company_id AND q.id = ANY(@candidate_ids::uuid[]) AND a.outcome <> 'ROUTING_UNDONE'
ORDER BY q.id, a.applied_at DESC, a.id DESC;

-- name: EntriesByCandidate :many
-- The whole person's, whichever of their rows is asked for.
SELECT q.id AS asked, sqlc.embed(e)
FROM candidates q JOIN candidates c ON c.company_id = q.company_id AND c.person_id = q.person_id
JOIN inbox_entries e ON e.company_id = @company_id AND e.candidate_id = c.id
WHERE q.company_id = @company_id AND q.id = ANY(@candidate_ids::uuid[])
ORDER BY q.id, e.applied_at DESC, e.id DESC;

-- name: LockCandidate :one
SELECT * FROM candidates WHERE company_id = @company_id AND id = @id FOR NO KEY UPDATE;

-- name: EditCandidate :one
-- A row that an older version stored in plain is sealed on this occasion.
UPDATE candidates SET
    sealed = @sealed, email_index = sqlc.narg(email_index)::bytea, phone_index = sqlc.narg(phone_index)::bytea, work_histories = @work_histories::jsonb,
    educations = @educations::jsonb, location = NULL, tagline = NULL, introduction = NULL, aspiration = NULL, links = '[]',
    email = NULL, profile_url = NULL, revision = revision + 1
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: LockPeople :many
-- These rows and those that were merged into them. Only while the company's rules are locked: nobody then merges or
-- erases beside this.
SELECT id, merged_into, revision FROM candidates
WHERE company_id = @company_id AND (id = ANY(@ids::uuid[]) OR person_id = ANY(@ids::uuid[])) ORDER BY id FOR NO KEY UPDATE;

-- name: Merge :one
WITH moved AS (
    UPDATE candidates c SET merged_into = @into_id WHERE c.company_id = @company_id AND c.merged_into = @from_id::uuid RETURNING c.id
), merged AS (
    UPDATE candidates c SET merged_into = CASE WHEN c.id = @from_id::uuid THEN @into_id::uuid END, revision = c.revision + 1
    WHERE c.company_id = @company_id AND c.id IN (@from_id::uuid, @into_id::uuid)
)
INSERT INTO candidate_merges (company_id, id, into_id, from_id, moved, member_id)
SELECT @company_id, @id, @into_id, @from_id, coalesce((SELECT array_agg(m.id ORDER BY m.id) FROM moved m), '{}'), @member_id
RETURNING *;

-- name: LockMerge :one
SELECT sqlc.embed(m), (m.at > now() - @undoable::interval)::bool AS fresh, (c.merged_into IS NOT NULL)::bool AS buried
FROM candidate_merges m JOIN candidates c ON c.company_id = m.company_id AND c.id = m.into_id
WHERE m.company_id = @company_id AND m.id = @id FOR UPDATE OF m;

-- name: UndoMerge :one
WITH undone AS (
    UPDATE candidate_merges m SET undone_at = now(), undone_by = @member_id::uuid
    WHERE m.company_id = @company_id AND m.id = @id
    RETURNING m.*
), moved AS (
    UPDATE candidates c SET merged_into = u.from_id FROM undone u
    WHERE c.company_id = @company_id AND c.id = ANY(u.moved)
), parted AS (
    UPDATE candidates c SET merged_into = NULL, revision = c.revision + 1 FROM undone u
    WHERE c.company_id = @company_id AND c.id IN (u.from_id, u.into_id)
)
SELECT * FROM undone;

-- name: MergesByCandidate :many
-- Those that the rows of each person took part in, the latest first.
SELECT q.id AS asked, sqlc.embed(m), (m.at > now() - @undoable::interval)::bool AS fresh, (i.merged_into IS NOT NULL)::bool AS buried
FROM candidates q JOIN candidates c ON c.company_id = q.company_id AND c.person_id = q.person_id
JOIN candidate_merges m ON m.company_id = @company_id AND (m.into_id = c.id OR m.from_id = c.id AND m.undone_at IS NOT NULL)
JOIN candidates i ON i.company_id = @company_id AND i.id = m.into_id
WHERE q.company_id = @company_id AND q.id = ANY(@ids::uuid[])
ORDER BY q.id, m.id DESC;

-- name: MergePreview :one
-- What one person would have of two.
WITH part AS MATERIALIZED (
    SELECT c.id FROM candidates c
    WHERE c.company_id = @company_id AND c.person_id IN (@into_id::uuid, @from_id::uuid)
)
SELECT (SELECT count(*) FROM applications a JOIN part p ON p.id = a.candidate_id
        WHERE a.company_id = @company_id AND a.outcome <> 'ROUTING_UNDONE') AS applications,
       (SELECT count(*) FROM inbox_entries e JOIN part p ON p.id = e.candidate_id WHERE e.company_id = @company_id) AS entries;

-- name: DismissDuplicate :execrows
INSERT INTO dismissed_duplicates (company_id, candidate_id, other_id, member_id)
VALUES (@company_id, least(@candidate_id::uuid, @other_id::uuid), greatest(@candidate_id::uuid, @other_id::uuid), @member_id)
ON CONFLICT DO NOTHING;

-- name: RestoreDuplicate :execrows
-- Whatever was said of any two rows of the two people.
DELETE FROM dismissed_duplicates x USING candidates a, candidates b
WHERE a.company_id = @company_id AND a.person_id = @candidate_id::uuid
  AND b.company_id = @company_id AND b.person_id = @other_id::uuid
  AND x.company_id = @company_id AND x.candidate_id = least(a.id, b.id) AND x.other_id = greatest(a.id, b.id);

-- name: PossibleDuplicates :many
-- Who may be the same person as each of those that the ids name: the latest with the same e-mail, phone number or
-- name, as many of each as there is room for. Who was dismissed is among them only where that is asked for.
WITH person AS MATERIALIZED (
    SELECT DISTINCT c.person_id AS id FROM candidates c WHERE c.company_id = @company_id AND c.id = ANY(@ids::uuid[])
), part AS MATERIALIZED (
    SELECT p.id AS person, c.id, c.email_index, c.phone_index, c.normalized_name
    FROM person p JOIN candidates c ON c.company_id = @company_id AND c.person_id = p.id
), dismissed AS MATERIALIZED (
    SELECT DISTINCT ON (t.person, c.person_id) t.person, c.person_id AS other, t.member_id, t.at
    FROM (
        SELECT p.person, x.other_id AS id, x.member_id, x.at FROM part p JOIN dismissed_duplicates x ON x.company_id = @company_id AND x.candidate_id = p.id
        UNION ALL
        SELECT p.person, x.candidate_id, x.member_id, x.at FROM part p JOIN dismissed_duplicates x ON x.company_id = @company_id AND x.other_id = p.id
    ) t
    JOIN candidates c ON c.company_id = @company_id AND c.id = t.id
    ORDER BY t.person, c.person_id, t.at DESC
), found AS (
    SELECT p.person, d.other
    FROM part p
    LEFT JOIN LATERAL (SELECT coalesce(array_agg(x.other), '{}') AS others FROM dismissed x WHERE x.person = p.person) gone ON true
    JOIN LATERAL (
        (SELECT c.person_id AS other FROM candidates c
         WHERE c.company_id = @company_id AND c.email_index = p.email_index
           AND c.person_id <> p.person AND c.person_id <> ALL (gone.others)
         ORDER BY c.id DESC LIMIT @max_rows)
        UNION ALL
        (SELECT c.person_id FROM candidates c
         WHERE c.company_id = @company_id AND c.phone_index = p.phone_index
           AND c.person_id <> p.person AND c.person_id <> ALL (gone.others)
         ORDER BY c.id DESC LIMIT @max_rows)
        UNION ALL
        (SELECT c.person_id FROM candidates c
         WHERE c.company_id = @company_id AND c.normalized_name = p.normalized_name AND p.normalized_name <> ''
           AND c.person_id <> p.person AND c.person_id <> ALL (gone.others)
         ORDER BY c.id DESC LIMIT @max_rows)
    ) d ON true
), pair AS (
    SELECT f.person, f.other, NULL::uuid AS member_id, NULL::timestamptz AS at FROM found f GROUP BY f.person, f.other
    UNION ALL
    SELECT x.person, x.other, x.member_id, x.at FROM dismissed x WHERE @include_dismissed::bool AND x.person <> x.other
)
SELECT w.person::uuid AS person, w.other::uuid AS other, w.member_id, w.at AS dismissed_at, w.same_email, w.same_phone, w.same_name
FROM (
    SELECT pair.person, pair.other, pair.member_id, pair.at,
           coalesce(bool_or(a.email_index = b.email_index), false)::bool AS same_email,
           coalesce(bool_or(a.phone_index = b.phone_index), false)::bool AS same_phone,
           bool_or(a.normalized_name = b.normalized_name AND a.normalized_name <> '')::bool AS same_name
    FROM pair
    JOIN part a ON a.person = pair.person
    JOIN candidates b ON b.company_id = @company_id AND b.person_id = pair.other
    GROUP BY pair.person, pair.other, pair.member_id, pair.at
) w
WHERE w.same_email OR w.same_phone OR w.same_name
ORDER BY w.person, w.at IS NOT NULL, w.same_email::int + w.same_phone::int + w.same_name::int DESC, w.same_email OR w.same_phone DESC, w.other DESC;

-- name: SameEmailBehind :many
-- The rows behind a place, in the order of the index, that somebody else has an e-mail in common with who comes after
-- them, and the next few of those. At most so many rows are looked at.
SELECT r.id, r.person_id, r.email_index::bytea AS place, d.id AS other_id, d.person_id AS other_person_id
FROM (
    SELECT w.id, w.email_index, w.person_id, lead(w.email_index) OVER (ORDER BY w.email_index, w.id) AS next
    FROM (
        SELECT c.id, c.email_index, c.person_id FROM candidates c
        WHERE c.company_id = @company_id AND c.email_index IS NOT NULL AND (c.email_index, c.id) >= (@after_key::bytea, @after_id::uuid)
        ORDER BY c.email_index, c.id LIMIT @budget
    ) w
) r
JOIN LATERAL (
    SELECT c.id, c.person_id FROM candidates c
    WHERE c.company_id = @company_id AND c.email_index = r.email_index AND c.id > r.id AND c.person_id <> r.person_id
    ORDER BY c.id LIMIT @neighbours
) d ON r.id <> @after_id OR d.id > @after_other::uuid
WHERE r.next = r.email_index
ORDER BY r.email_index, r.id, d.id LIMIT @max_rows;

-- name: SamePhoneBehind :many
SELECT r.id, r.person_id, r.phone_index::bytea AS place, d.id AS other_id, d.person_id AS other_person_id
FROM (
    SELECT w.id, w.phone_index, w.person_id, lead(w.phone_index) OVER (ORDER BY w.phone_index, w.id) AS next
    FROM (
        SELECT c.id, c.phone_index, c.person_id FROM candidates c
        WHERE c.company_id = @company_id AND c.phone_index IS NOT NULL AND (c.phone_index, c.id) >= (@after_key::bytea, @after_id::uuid)
        ORDER BY c.phone_index, c.id LIMIT @budget
    ) w
) r
JOIN LATERAL (
    SELECT c.id, c.person_id FROM candidates c
    WHERE c.company_id = @company_id AND c.phone_index = r.phone_index AND c.id > r.id AND c.person_id <> r.person_id
    ORDER BY c.id LIMIT @neighbours
) d ON r.id <> @after_id OR d.id > @after_other::uuid
WHERE r.next = r.phone_index
ORDER BY r.phone_index, r.id, d.id LIMIT @max_rows;

-- name: SameNameBehind :many
SELECT r.id, r.person_id, r.normalized_name::text AS place, d.id AS other_id, d.person_id AS other_person_id
FROM (
    SELECT w.id, w.normalized_name, w.person_id, lead(w.normalized_name) OVER (ORDER BY w.normalized_name, w.id) AS next
    FROM (
        SELECT c.id, c.normalized_name, c.person_id FROM candidates c
        WHERE c.company_id = @company_id AND c.normalized_name > '' AND (c.normalized_name, c.id) >= (@after_key::text, @after_id::uuid)
        ORDER BY c.normalized_name, c.id LIMIT @budget
    ) w
) r
JOIN LATERAL (
    SELECT c.id, c.person_id FROM candidates c
    WHERE c.company_id = @company_id AND c.normalized_name = r.normalized_name AND c.id > r.id AND c.person_id <> r.person_id
    ORDER BY c.id LIMIT @neighbours
) d ON r.id <> @after_id OR d.id > @after_other::uuid
WHERE r.next = r.normalized_name
ORDER BY r.normalized_name, r.id, d.id LIMIT @max_rows;

-- name: EmailPlace :one
-- The row that a look of so many rows ends at; none where it ends with the last.
SELECT c.email_index::bytea AS place, c.id FROM candidates c
WHERE c.company_id = @company_id AND c.email_index IS NOT NULL AND (c.email_index, c.id) >= (@after_key::bytea, @after_id::uuid)
ORDER BY c.email_index, c.id OFFSET @budget LIMIT 1;

-- name: PhonePlace :one
SELECT c.phone_index::bytea AS place, c.id FROM candidates c
WHERE c.company_id = @company_id AND c.phone_index IS NOT NULL AND (c.phone_index, c.id) >= (@after_key::bytea, @after_id::uuid)
ORDER BY c.phone_index, c.id OFFSET @budget LIMIT 1;

-- name: NamePlace :one
SELECT c.normalized_name AS place, c.id FROM candidates c
WHERE c.company_id = @company_id AND c.normalized_name > '' AND (c.normalized_name, c.id) >= (@after_key::text, @after_id::uuid)
ORDER BY c.normalized_name, c.id OFFSET @budget LIMIT 1;

-- name: RowsOfPeople :many
-- What the people's rows are compared by.
SELECT id, person_id, email_index, phone_index, normalized_name FROM candidates
WHERE company_id = @company_id AND person_id = ANY(@person_ids::uuid[]) ORDER BY id;

-- name: DismissedAmong :many
SELECT candidate_id, other_id FROM dismissed_duplicates
WHERE company_id = @company_id AND candidate_id = ANY(@ids::uuid[]) AND other_id = ANY(@ids::uuid[]) ORDER BY candidate_id, other_id;
