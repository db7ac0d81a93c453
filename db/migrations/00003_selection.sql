-- Openings and rules, and the people who come in.

-- +goose Up
CREATE TABLE openings (
    company_id uuid        NOT NULL REFERENCES companies (id),
    id         uuid        NOT NULL DEFAULT new_id(),
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    status     text        NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'CLOSED')),
    revision   int         NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);

CREATE TABLE selection_steps (
    company_id uuid NOT NULL,
    id         uuid NOT NULL DEFAULT new_id(),
    opening_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('ENTRY', 'DOCUMENT_SCREENING', 'INTERVIEW', 'FINAL_INTERVIEW', 'OFFER', 'OFFER_ACCEPTED', 'JOINED')),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    position   int  NOT NULL CHECK (position > 0),
    PRIMARY KEY (company_id, id),
    -- For the reference from applications: a step of another opening cannot be stood on.
    UNIQUE (company_id, opening_id, id),
    -- Deferred, so that steps can change places within a statement or two.
    UNIQUE (company_id, opening_id, position) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (company_id, opening_id) REFERENCES openings (company_id, id)
);

CREATE TABLE routing_rules (
    company_id               uuid        NOT NULL,
    id                       uuid        NOT NULL DEFAULT new_id(),
    medium                   text        NOT NULL CHECK (medium IN ('WANTEDLY')),
    position_name            text        NOT NULL CHECK (char_length(position_name) BETWEEN 1 AND 500),
    normalized_position_name text        NOT NULL CHECK (char_length(normalized_position_name) BETWEEN 1 AND 2000),
    opening_id               uuid        NOT NULL,
    revision                 int         NOT NULL DEFAULT 1,
    created_at               timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT routing_rules_one_per_position UNIQUE (company_id, medium, normalized_position_name),
    FOREIGN KEY (company_id, opening_id) REFERENCES openings (company_id, id)
);
CREATE INDEX routing_rules_by_opening ON routing_rules (company_id, opening_id);

-- The first sight of a person stands; only email is ours, typed in by a recruiter.
CREATE TABLE candidates (
    company_id         uuid        NOT NULL,
    id                 uuid        NOT NULL DEFAULT new_id(),
    medium             text        NOT NULL CHECK (medium IN ('WANTEDLY')),
    external_person_id text        NOT NULL,
    name               text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    location           text,
    current_position   text,
    tagline            text,
    introduction       text,
    aspiration         text,
    work_histories     jsonb       NOT NULL DEFAULT '[]',
    educations         jsonb       NOT NULL DEFAULT '[]',
    skills             jsonb       NOT NULL DEFAULT '[]',
    links              jsonb       NOT NULL DEFAULT '[]',
    email              text,
    profile_url        text,
    imported_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT candidates_one_per_person UNIQUE (company_id, medium, external_person_id)
);

CREATE TABLE inbox_entries (
    company_id               uuid        NOT NULL,
    id                       uuid        NOT NULL DEFAULT new_id(),
    medium                   text        NOT NULL CHECK (medium IN ('WANTEDLY')),
    account_id               uuid,
    run_id                   uuid,
    kind                     text        NOT NULL CHECK (kind IN ('APPLIED', 'SCOUT_REPLIED')),
    external_id              text        NOT NULL,
    external_url             text,
    position_id              text,
    position_name            text        NOT NULL,
    normalized_position_name text        NOT NULL,
    candidate_id             uuid        NOT NULL,
    applied_at               timestamptz NOT NULL,
    imported_at              timestamptz NOT NULL DEFAULT now(),
    state                    text        NOT NULL CHECK (state IN ('ROUTED', 'WAITING', 'EXCLUDED')),
    -- How it came to be in this state: who decided, when, and by which rule as it then stood. No
    -- reference to the rule: the explanation outlives it.
    decided_by               text        NOT NULL CHECK (decided_by IN ('RULE', 'MEMBER', 'SYSTEM')),
    decided_at               timestamptz NOT NULL DEFAULT now(),
    member_id                uuid,
    rule_id                  uuid,
    rule_revision            int,
    rule_position_name       text,
    -- Why it waits: no rule fits, or one does but its opening is closed.
    waiting_reason           text        CHECK (waiting_reason IN ('NO_RULE', 'OPENING_CLOSED')),
    PRIMARY KEY (company_id, id),
    -- One entry per application of the medium: within an account by its number, and across the
    -- accounts of a company by person, number and instant, since two accounts may see the same one
    -- and two companies of the medium may both have a number 7.
    CONSTRAINT inbox_entries_one_per_account UNIQUE (company_id, account_id, external_id),
    CONSTRAINT inbox_entries_one_per_application UNIQUE (company_id, medium, candidate_id, external_id, applied_at),
    FOREIGN KEY (company_id, account_id) REFERENCES medium_accounts (company_id, id),
    FOREIGN KEY (company_id, candidate_id) REFERENCES candidates (company_id, id),
    CONSTRAINT waiting_says_why CHECK ((waiting_reason IS NOT NULL) = (state = 'WAITING')),
    CONSTRAINT rule_is_named    CHECK (decided_by <> 'RULE' OR (rule_id IS NOT NULL AND rule_revision IS NOT NULL AND rule_position_name IS NOT NULL)),
    CONSTRAINT member_is_named  CHECK (decided_by <> 'MEMBER' OR member_id IS NOT NULL)
);
CREATE INDEX inbox_entries_latest ON inbox_entries (company_id, applied_at DESC, id DESC);
CREATE INDEX inbox_entries_by_state ON inbox_entries (company_id, state, applied_at DESC, id DESC);
CREATE INDEX inbox_entries_waiting ON inbox_entries (company_id, medium, normalized_position_name) WHERE state = 'WAITING';
CREATE INDEX inbox_entries_by_rule ON inbox_entries (company_id, rule_id, decided_at) WHERE rule_id IS NOT NULL;
CREATE INDEX inbox_entries_by_run ON inbox_entries (company_id, run_id, applied_at DESC, id DESC);

CREATE TABLE applications (
    company_id   uuid        NOT NULL,
    id           uuid        NOT NULL DEFAULT new_id(),
    candidate_id uuid        NOT NULL,
    opening_id   uuid        NOT NULL,
    entry_id     uuid,
    step_id      uuid        NOT NULL,
    outcome      text        NOT NULL DEFAULT 'IN_PROGRESS' CHECK (outcome IN ('IN_PROGRESS', 'JOINED', 'REJECTED', 'WITHDRAWN', 'CLOSED_AS_DUPLICATE')),
    applied_at   timestamptz NOT NULL,
    revision     int         NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT applications_one_per_entry UNIQUE (company_id, entry_id),
    FOREIGN KEY (company_id, candidate_id) REFERENCES candidates (company_id, id),
    FOREIGN KEY (company_id, entry_id) REFERENCES inbox_entries (company_id, id),
    FOREIGN KEY (company_id, opening_id, step_id) REFERENCES selection_steps (company_id, opening_id, id)
);
CREATE INDEX applications_latest ON applications (company_id, applied_at DESC, id DESC);
CREATE INDEX applications_by_opening ON applications (company_id, opening_id, applied_at DESC, id DESC);
CREATE INDEX applications_by_candidate ON applications (company_id, candidate_id);

-- What happened to an application, in order; never changed.
CREATE TABLE selection_events (
    company_id     uuid        NOT NULL,
    application_id uuid        NOT NULL,
    n              int         NOT NULL,
    at             timestamptz NOT NULL DEFAULT now(),
    decided_by     text        NOT NULL CHECK (decided_by IN ('RULE', 'MEMBER')),
    member_id      uuid        CHECK ((member_id IS NOT NULL) = (decided_by = 'MEMBER')),
    from_step_id   uuid,
    to_step_id     uuid,
    outcome        text        NOT NULL CHECK (outcome IN ('IN_PROGRESS', 'JOINED', 'REJECTED', 'WITHDRAWN', 'CLOSED_AS_DUPLICATE')),
    note           text        CHECK (char_length(note) <= 5000),
    PRIMARY KEY (company_id, application_id, n),
    FOREIGN KEY (company_id, application_id) REFERENCES applications (company_id, id)
);
CREATE INDEX selection_events_by_step ON selection_events (company_id, to_step_id);
