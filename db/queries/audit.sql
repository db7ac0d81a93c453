-- name: AppendAudit :exec
-- The trigger numbers and chains it. After everything else that a transaction locks but the counters.
INSERT INTO audit_log (company_id, n, at, actor, member_id, credential, credential_id, address, action, subject_id, detail, previous, hash)
VALUES (
    @company_id, 0, now(), @actor, sqlc.narg(member_id), @credential, sqlc.narg(credential_id), @address, @action,
    sqlc.narg(subject_id), @detail::jsonb, '', ''
);
