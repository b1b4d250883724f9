-- The first schema. Times are BIGINT milliseconds UTC (*_at); ids are UUIDv7. JSON is TEXT: never searched inside.
-- Every row of a workspace carries workspace_id, every brand-owned one brand_id too.

CREATE TABLE tenants (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE system_settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- ---------------------------------------------------------------------------------------------------- people

CREATE TABLE users (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,             -- lower-cased, NFC: what is unique
    name TEXT NOT NULL,
    password_hash TEXT,                  -- Argon2id; null: only single sign-on
    locale TEXT NOT NULL DEFAULT 'en',
    time_zone TEXT,                      -- null: the browser's
    status TEXT NOT NULL DEFAULT 'active' CONSTRAINT users_status CHECK (status IN ('active', 'suspended')),
    is_system_admin BOOLEAN NOT NULL DEFAULT FALSE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (tenant_id, email_key);

-- A refresh family: one signed-in device.
CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT
);
CREATE INDEX sessions_user ON sessions (user_id, last_used_at);

-- Every refresh token of a family, hashed. The newest unused one is current.
CREATE TABLE refresh_tokens (
    token_hash TEXT PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    predecessor_hash TEXT,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- ---------------------------------------------------------------------------------------------------- workspaces

CREATE TABLE workspaces (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL DEFAULT 'en',
    week_start TEXT NOT NULL DEFAULT 'monday' CONSTRAINT workspaces_week_start CHECK (week_start IN ('monday', 'sunday', 'saturday')),
    grace_minutes BIGINT NOT NULL DEFAULT 60 CONSTRAINT workspaces_grace CHECK (grace_minutes BETWEEN 1 AND 10080),
    catch_up_gap_seconds BIGINT NOT NULL DEFAULT 60 CONSTRAINT workspaces_gap CHECK (catch_up_gap_seconds BETWEEN 0 AND 86400),
    catch_up_per_hour BIGINT NOT NULL DEFAULT 20 CONSTRAINT workspaces_per_hour CHECK (catch_up_per_hour BETWEEN 1 AND 1000),
    paused_at BIGINT,
    paused_until BIGINT,                 -- null with paused_at set: until resumed
    paused_reason TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX workspaces_slug ON workspaces (tenant_id, slug);

CREATE TABLE roles (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    key TEXT,                            -- of a built-in role; null: custom
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,           -- JSON array of names
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (workspace_id, name);
CREATE UNIQUE INDEX roles_key ON roles (workspace_id, key);

-- role_id null: no role in the workspace as a whole, only in single brands.
CREATE TABLE workspace_users (
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id UUID REFERENCES roles (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX workspace_users_user ON workspace_users (user_id);

CREATE TABLE brands (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    color TEXT,
    time_zone TEXT,                      -- null: the workspace's
    content_language TEXT,
    approval_policy TEXT NOT NULL DEFAULT 'none'
        CONSTRAINT brands_approval CHECK (approval_policy IN ('none', 'required', 'required_self_allowed')),
    paused_at BIGINT,
    paused_until BIGINT,
    paused_reason TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX brands_name ON brands (workspace_id, name) WHERE deleted_at IS NULL;

-- A role inside one brand that replaces the workspace role there; account_ids: JSON array, null: all.
CREATE TABLE brand_members (
    workspace_id UUID NOT NULL,
    brand_id UUID NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
    user_id UUID NOT NULL,
    role_id UUID NOT NULL REFERENCES roles (id),
    account_ids TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (brand_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES workspace_users (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX brand_members_user ON brand_members (workspace_id, user_id);

-- ---------------------------------------------------------------------------------------------------- accounts

-- App credentials. scope_id: tenant, workspace or brand id; nearest wins. instance: '' or the Mastodon host.
CREATE TABLE network_apps (
    id UUID PRIMARY KEY,
    scope TEXT NOT NULL CONSTRAINT network_apps_scope CHECK (scope IN ('tenant', 'workspace', 'brand')),
    scope_id UUID NOT NULL,
    network TEXT NOT NULL,
    instance TEXT NOT NULL DEFAULT '',
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,         -- encrypted
    redirect_uri TEXT,                   -- what a per-instance app was registered with
    settings TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    retired_at BIGINT                    -- replaced or removed; grants given to it still refresh with it
);
CREATE UNIQUE INDEX network_apps_active ON network_apps (scope, scope_id, network, instance) WHERE retired_at IS NULL;

-- A consent on its way: between /authorize and the callback.
CREATE TABLE oauth_states (
    state_hash TEXT PRIMARY KEY,
    workspace_id UUID NOT NULL,
    brand_id UUID NOT NULL,
    user_id UUID NOT NULL,
    network TEXT NOT NULL,
    instance TEXT NOT NULL DEFAULT '',
    network_app_id UUID,
    browser_hash TEXT NOT NULL,          -- of the cookie that binds the browser
    return_origin TEXT NOT NULL,         -- where the app was opened
    purposes TEXT NOT NULL,              -- JSON array
    redirect_uri TEXT NOT NULL,
    authorize_url TEXT NOT NULL,
    secret TEXT NOT NULL,                -- encrypted: code verifier …
    ticket_hash TEXT,                    -- start ticket, single use
    ticket_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX oauth_states_ticket ON oauth_states (ticket_hash) WHERE ticket_hash IS NOT NULL;
CREATE INDEX oauth_states_expiry ON oauth_states (expires_at);

-- One consent of one person on one network. Tokens encrypted as one JSON text.
CREATE TABLE grants (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    brand_id UUID NOT NULL REFERENCES brands (id),
    network TEXT NOT NULL,
    instance TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL,
    network_app_id UUID REFERENCES network_apps (id),
    purposes TEXT NOT NULL DEFAULT '[]',
    scopes TEXT NOT NULL DEFAULT '[]',
    tokens TEXT NOT NULL,
    expires_at BIGINT,
    refresh_at BIGINT,                   -- when the worker refreshes ahead of time; null: never
    state TEXT NOT NULL DEFAULT 'active' CONSTRAINT grants_state CHECK (state IN ('active', 'needs_reconnect', 'revoked')),
    problem TEXT,                        -- code, e.g. refresh_lost
    refresh_lease_until BIGINT,          -- database clock
    refresh_lease_token TEXT,
    refresh_intent_at BIGINT,            -- a refresh was sent; null again when its answer is stored
    refresh_lost_count BIGINT NOT NULL DEFAULT 0,
    token_version BIGINT NOT NULL DEFAULT 1,
    created_by UUID,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX grants_refresh ON grants (refresh_at) WHERE refresh_at IS NOT NULL AND state = 'active';
CREATE INDEX grants_subject ON grants (workspace_id, network, instance, subject);

-- What the callback stored and the person has not chosen from yet.
CREATE TABLE connections (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    brand_id UUID NOT NULL REFERENCES brands (id),
    user_id UUID NOT NULL,
    grant_id UUID NOT NULL REFERENCES grants (id),
    destinations TEXT NOT NULL,          -- JSON, as the adapter listed them
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE social_accounts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    brand_id UUID NOT NULL REFERENCES brands (id),
    grant_id UUID NOT NULL REFERENCES grants (id),
    network TEXT NOT NULL,
    instance TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    name TEXT NOT NULL,
    handle TEXT NOT NULL,
    avatar_url TEXT NOT NULL DEFAULT '',
    page_token TEXT,                     -- encrypted; for networks whose pages have tokens of their own
    profile TEXT NOT NULL DEFAULT '{}',  -- what the adapter learnt: limits, subscription
    paused_at BIGINT,
    paused_until BIGINT,
    paused_reason TEXT,
    disconnected_at BIGINT,
    last_published_at BIGINT,
    next_slot_at BIGINT NOT NULL DEFAULT 0,  -- catch-up spacing: nothing late starts before
    catch_up_since BIGINT NOT NULL DEFAULT 0,  -- start of the hour in which catch_up_count late targets started
    catch_up_count BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX social_accounts_remote ON social_accounts (brand_id, network, instance, kind, remote_id);
CREATE INDEX social_accounts_workspace ON social_accounts (workspace_id, brand_id);
CREATE INDEX social_accounts_grant ON social_accounts (grant_id);

-- What the networks' own headers taught of their limits. scope: whose and of which kind of call
-- ("account:<id>:create", "app:<id>:media"); name: the adapter's own.
CREATE TABLE rate_budgets (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    budget_limit BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    reset_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (scope, name)
);

-- ---------------------------------------------------------------------------------------------------- media

CREATE TABLE media_assets (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    brand_id UUID REFERENCES brands (id),  -- null: shared in the workspace
    kind TEXT NOT NULL CONSTRAINT media_assets_kind CHECK (kind IN ('image', 'gif', 'video', 'audio', 'document')),
    content_type TEXT NOT NULL,
    filename TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    duration_ms BIGINT,
    sha256 TEXT NOT NULL,
    alt TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL CONSTRAINT media_assets_state CHECK (state IN ('processing', 'ready', 'failed')),
    problem TEXT,
    storage_key TEXT NOT NULL,
    created_by UUID,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX media_assets_list ON media_assets (workspace_id, id);
CREATE INDEX media_assets_hash ON media_assets (workspace_id, sha256);

CREATE TABLE media_renditions (
    asset_id UUID NOT NULL REFERENCES media_assets (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                  -- 'thumbnail', or a description of what was asked for
    workspace_id UUID NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    sha256 TEXT NOT NULL,
    storage_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (asset_id, name)
);

-- ---------------------------------------------------------------------------------------------------- posts

CREATE TABLE posts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    brand_id UUID NOT NULL REFERENCES brands (id),
    author_id UUID NOT NULL REFERENCES users (id),
    title TEXT NOT NULL,                 -- start of the body, for lists
    content TEXT NOT NULL,               -- JSON: body, media, link, first_comment, thread
    thumbnail_asset_id UUID,
    status TEXT NOT NULL CONSTRAINT posts_status CHECK (status IN (
        'draft', 'pending_approval', 'scheduled', 'publishing', 'needs_attention', 'published', 'partially_published',
        'failed', 'cancelled')),
    readiness TEXT NOT NULL DEFAULT 'ok' CONSTRAINT posts_readiness CHECK (readiness IN ('ok', 'at_risk', 'blocked')),
    scheduled_at BIGINT,                 -- the earliest target's time, or the planned date of a draft
    latest_scheduled_at BIGINT,          -- the latest target's time, only where it differs from scheduled_at
    sort_at BIGINT GENERATED ALWAYS AS (coalesce(scheduled_at, 9223372036854775807)) STORED,  -- lists: undated last
    published_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,   -- edits by people
    state_version BIGINT NOT NULL DEFAULT 1,  -- changes of state, for the ETag
    current_version_id UUID NOT NULL,
    approved_version_id UUID,
    label_ids TEXT NOT NULL DEFAULT '[]',
    -- What lists show of the targets, ready as JSON: [{account_id, network, kind, state, scheduled_at}]. Kept by the
    -- transaction that changes a target; a calendar is then one scan of posts (docs/decisions).
    targets_summary TEXT NOT NULL DEFAULT '[]',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX posts_calendar ON posts (workspace_id, sort_at, id);
CREATE INDEX posts_brand ON posts (workspace_id, brand_id, sort_at, id);
CREATE INDEX posts_status ON posts (workspace_id, status, sort_at, id);
CREATE INDEX posts_spread ON posts (workspace_id, latest_scheduled_at) WHERE latest_scheduled_at IS NOT NULL;

-- Every saved state of a post, immutable: the text, targets, overrides and times as people saved them.
CREATE TABLE post_versions (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL,
    post_id UUID NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    snapshot TEXT NOT NULL,              -- JSON
    author_id UUID,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX post_versions_number ON post_versions (post_id, version);

CREATE TABLE post_targets (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL,
    brand_id UUID NOT NULL,
    post_id UUID NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES social_accounts (id),
    network TEXT NOT NULL,
    kind TEXT NOT NULL,
    ordinal BIGINT NOT NULL DEFAULT 0,
    overrides TEXT NOT NULL DEFAULT '{}',  -- JSON: content field-wise
    options TEXT NOT NULL DEFAULT '{}',
    scheduled_at BIGINT,
    local_time TEXT,                     -- the wall clock it was chosen in: '2026-11-22T09:00'
    time_zone TEXT,
    state TEXT NOT NULL CONSTRAINT post_targets_state CHECK (state IN (
        'draft', 'pending_approval', 'scheduled', 'held', 'publishing', 'retrying', 'manual', 'published', 'failed',
        'unconfirmed', 'missed', 'removed', 'cancelled')),
    held_reason TEXT,
    readiness TEXT NOT NULL DEFAULT 'ok' CONSTRAINT post_targets_readiness CHECK (readiness IN ('ok', 'at_risk', 'blocked')),
    readiness_reasons TEXT NOT NULL DEFAULT '[]',
    dispatch_at BIGINT,                  -- when to look next; null: nothing to do
    dispatch_seq BIGINT NOT NULL DEFAULT 0,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until BIGINT,                  -- database clock
    claimed_version_id UUID,             -- the frozen version that is sent
    frozen TEXT,                         -- JSON: the frozen publication, from the first claim on
    frozen_at BIGINT,
    send_late BOOLEAN NOT NULL DEFAULT FALSE,  -- a person wants it out however late: the grace rule does not apply
    catch_up BOOLEAN NOT NULL DEFAULT FALSE,   -- found late after downtime or a pause: spaced and capped
    started_at BIGINT,                   -- the first intent of the present run
    published_at BIGINT,
    remote_id TEXT,
    remote_url TEXT,
    confirmed_by UUID,                   -- a person's word instead of a remote id
    verified_at BIGINT,
    verify_at BIGINT,                    -- next read-back
    verify_round BIGINT NOT NULL DEFAULT 0,
    attempt_count BIGINT NOT NULL DEFAULT 0,  -- spent attempts of the present run
    next_attempt_at BIGINT,
    error_code TEXT,
    error_params TEXT,
    error_message TEXT,
    error_retryable BOOLEAN NOT NULL DEFAULT FALSE,
    warnings TEXT NOT NULL DEFAULT '[]',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT post_targets_scheduled_has_time CHECK (state NOT IN ('scheduled', 'retrying') OR scheduled_at IS NOT NULL),
    CONSTRAINT post_targets_held_has_reason CHECK ((state = 'held') = (held_reason IS NOT NULL)),
    CONSTRAINT post_targets_published_has_proof
        CHECK (state <> 'published' OR ((remote_id IS NOT NULL OR confirmed_by IS NOT NULL) AND published_at IS NOT NULL)),
    CONSTRAINT post_targets_failed_has_error CHECK (state <> 'failed' OR error_code IS NOT NULL),
    CONSTRAINT post_targets_retrying_has_time CHECK ((state = 'retrying') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT post_targets_claim CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT post_targets_publishing_is_frozen CHECK (state NOT IN ('publishing', 'retrying', 'unconfirmed') OR frozen IS NOT NULL),
    CONSTRAINT post_targets_missed_never_sent CHECK (state <> 'missed' OR started_at IS NULL),
    CONSTRAINT post_targets_dispatch CHECK (state IN ('scheduled', 'publishing', 'retrying', 'held') OR dispatch_at IS NULL)
);
CREATE UNIQUE INDEX post_targets_identity ON post_targets (post_id, account_id, kind, ordinal);
CREATE INDEX post_targets_dispatch_due ON post_targets (dispatch_at) WHERE dispatch_at IS NOT NULL;
CREATE INDEX post_targets_account_order ON post_targets (account_id, scheduled_at, id)
    WHERE state IN ('scheduled', 'publishing', 'retrying', 'held');
CREATE INDEX post_targets_waiting ON post_targets (scheduled_at)
    WHERE state IN ('scheduled', 'held', 'pending_approval');
CREATE INDEX post_targets_verify ON post_targets (verify_at) WHERE verify_at IS NOT NULL;
CREATE INDEX post_targets_workspace_time ON post_targets (workspace_id, scheduled_at);

CREATE TABLE target_parts (
    target_id UUID NOT NULL REFERENCES post_targets (id) ON DELETE CASCADE,
    workspace_id UUID NOT NULL,
    position BIGINT NOT NULL,            -- 0 is the post
    role TEXT NOT NULL CONSTRAINT target_parts_role CHECK (role IN ('post', 'thread', 'first_comment')),
    part_index BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT target_parts_state CHECK (state IN ('pending', 'sending', 'published', 'failed', 'unconfirmed', 'removed')),
    remote_id TEXT,
    remote_url TEXT,
    error_code TEXT,
    error_message TEXT,
    PRIMARY KEY (target_id, position)
);

-- The journal: append-only. An intent is inserted before the call, its outcome set once after it.
CREATE TABLE publish_attempts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL,
    target_id UUID NOT NULL REFERENCES post_targets (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT publish_attempts_kind CHECK (kind IN ('call', 'retry', 'recheck', 'declared_not_live')),
    step TEXT NOT NULL,
    part BIGINT NOT NULL,
    version_id UUID,
    fence BIGINT NOT NULL,
    worker TEXT NOT NULL,
    fingerprint TEXT NOT NULL,           -- SHA-256 of the request
    request_method TEXT NOT NULL DEFAULT '',
    request_url TEXT NOT NULL DEFAULT '',
    request_summary TEXT NOT NULL DEFAULT '',
    intent TEXT NOT NULL DEFAULT '{}',
    repeatable BOOLEAN NOT NULL DEFAULT FALSE,
    started_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    finished_at BIGINT,
    outcome TEXT NOT NULL DEFAULT 'unknown' CONSTRAINT publish_attempts_outcome CHECK (outcome IN (
        'unknown', 'ok', 'not_sent', 'transient', 'rate_limited', 'auth', 'permission', 'validation', 'media',
        'duplicate', 'budget')),
    code TEXT NOT NULL DEFAULT '',
    response_status BIGINT,
    response_summary TEXT NOT NULL DEFAULT '',
    facts TEXT NOT NULL DEFAULT '{}',
    conclusion TEXT NOT NULL DEFAULT '',
    actor_id UUID                        -- of a person's marker
);
CREATE UNIQUE INDEX publish_attempts_order ON publish_attempts (target_id, seq);

CREATE TABLE post_media (
    post_id UUID NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    asset_id UUID NOT NULL REFERENCES media_assets (id),
    workspace_id UUID NOT NULL,
    PRIMARY KEY (post_id, asset_id)
);
CREATE INDEX post_media_asset ON post_media (asset_id);

CREATE TABLE labels (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX labels_name ON labels (workspace_id, name);

CREATE TABLE post_labels (
    post_id UUID NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    label_id UUID NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
    workspace_id UUID NOT NULL,
    PRIMARY KEY (post_id, label_id)
);
CREATE INDEX post_labels_label ON post_labels (label_id);

-- ---------------------------------------------------------------------------------------------------- the rest

CREATE TABLE audit_events (
    id UUID PRIMARY KEY,
    workspace_id UUID,                   -- null: of the installation
    brand_id UUID,
    actor_id UUID,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,                -- "post.schedule"
    entity TEXT NOT NULL,                -- "post"
    entity_id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_events_list ON audit_events (workspace_id, id);

CREATE TABLE events (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL,
    brand_id UUID,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX events_replay ON events (workspace_id, id);
CREATE INDEX events_expiry ON events (created_at);

CREATE TABLE idempotency_keys (
    caller TEXT NOT NULL,
    route TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    workspace_id UUID,
    request_hash TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT idempotency_keys_state CHECK (state IN ('in_flight', 'done')),
    status BIGINT,
    headers TEXT,
    body TEXT,
    encrypted BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (caller, route, key_hash)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE heartbeats (
    name TEXT PRIMARY KEY,               -- "worker:<host>:<pid>", "task:sweep"
    beat_at BIGINT NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}'
);
