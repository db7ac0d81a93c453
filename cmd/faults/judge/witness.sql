CREATE SCHEMA witness;

CREATE TABLE witness.leases (n bigserial, at timestamptz, account_id uuid, who text, owner uuid, robbed boolean);
CREATE INDEX ON witness.leases (account_id, owner);
CREATE TABLE witness.slots (n bigserial, began timestamptz, account_id uuid, who text, due timestamptz);
CREATE TABLE witness.pages (n bigserial, at timestamptz, account_id uuid, who text, owner uuid, epoch bigint, place text);
CREATE INDEX ON witness.pages (account_id, at);
CREATE TABLE witness.accounts (n bigserial, at timestamptz, account_id uuid, who text, old_status text, new_status text);
CREATE TABLE witness.runs (n bigserial, at timestamptz, run_id uuid, account_id uuid, who text, old_status text, new_status text, fell boolean);
CREATE INDEX ON witness.runs (run_id);

CREATE FUNCTION witness.account() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = witness, pg_catalog AS $$
DECLARE
    who text := current_setting('application_name');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts (at, account_id, who, new_status) VALUES (clock_timestamp(), NEW.id, who, NEW.status);
        RETURN NULL;
    END IF;
    IF NEW.status <> OLD.status THEN
        INSERT INTO accounts (at, account_id, who, old_status, new_status) VALUES (clock_timestamp(), NEW.id, who, OLD.status, NEW.status);
    END IF;
    IF NEW.lease_owner IS DISTINCT FROM OLD.lease_owner THEN
        INSERT INTO leases (at, account_id, who, owner, robbed) VALUES (clock_timestamp(), NEW.id, who, NEW.lease_owner,
            NEW.lease_owner IS NOT NULL AND OLD.lease_owner IS NOT NULL AND OLD.lease_until > clock_timestamp());
    END IF;
    -- A schedule moves on when its slot is taken; a run that is made for it is made in the same transaction.
    IF NEW.next_import_at <> OLD.next_import_at THEN
        INSERT INTO slots (began, account_id, who, due) VALUES (now(), NEW.id, who, OLD.next_import_at);
    END IF;
    -- Another beginning sets the place back; what a page does moves it on.
    IF NEW.cursor <> OLD.cursor AND NEW.cursor <> '' AND NEW.lease_owner IS NOT NULL THEN
        INSERT INTO pages (at, account_id, who, owner, epoch, place) VALUES (clock_timestamp(), NEW.id, who, NEW.lease_owner, NEW.epoch, NEW.cursor);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON public.medium_accounts FOR EACH ROW EXECUTE FUNCTION witness.account();

CREATE FUNCTION witness.run() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = witness, pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO runs (at, run_id, account_id, who, new_status, fell) VALUES (clock_timestamp(), NEW.id, NEW.account_id, current_setting('application_name'), NEW.status, false);
        RETURN NULL;
    END IF;
    INSERT INTO runs (at, run_id, account_id, who, old_status, new_status, fell)
    VALUES (clock_timestamp(), NEW.id, NEW.account_id, current_setting('application_name'), OLD.status, NEW.status,
        NEW.seen < OLD.seen OR NEW.known < OLD.known OR NEW.imported < OLD.imported OR NEW.routed < OLD.routed
        OR NEW.waiting < OLD.waiting OR NEW.invalid < OLD.invalid OR NEW.hidden < OLD.hidden);
    RETURN NULL;
END
$$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON public.import_runs FOR EACH ROW EXECUTE FUNCTION witness.run();
