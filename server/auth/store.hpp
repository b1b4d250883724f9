// The SQL of users, sessions and refresh tokens.
#pragma once

#include "db/database.hpp"

namespace mypost::auth::store {

using db::Query;

inline constexpr Query sql_any_user{"auth.any_user", "SELECT 1 FROM users LIMIT 1"};

// The row is there once, whoever comes first: two set-ups at the same time cannot both win.
inline constexpr Query sql_claim_setup{
    "auth.claim_setup",
    "INSERT INTO system_settings (name, value, updated_at) VALUES ('setup_done', 'true', $1)"
    " ON CONFLICT (name) DO NOTHING RETURNING name"};

inline constexpr Query sql_first_tenant{"auth.first_tenant", "SELECT id FROM tenants ORDER BY id LIMIT 1"};
inline constexpr Query sql_insert_tenant{"auth.insert_tenant",
                                         "INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)"};

inline constexpr Query sql_insert_user{"auth.insert_user",
                                       "INSERT INTO users (id, tenant_id, email, email_key, name, "
                                       "password_hash, time_zone, is_system_admin, created_at,"
                                       " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)"};

inline constexpr Query sql_user_by_email{"auth.user_by_email",
                                         "SELECT id, email, name, locale, time_zone, is_system_admin, "
                                         "status, password_hash FROM users WHERE email_key = $1"
                                         " ORDER BY id LIMIT 1"};

inline constexpr Query sql_user{"auth.user",
                                "SELECT id, email, name, locale, time_zone, is_system_admin, status, "
                                "password_hash FROM users WHERE id = $1"};

inline constexpr Query sql_update_user{"auth.update_user",
                                       "UPDATE users SET name = $2, locale = $3, time_zone = $4, version = "
                                       "version + 1, updated_at = $5 WHERE id = $1"};

inline constexpr Query sql_set_password{"auth.set_password",
                                        "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1"};

inline constexpr Query sql_insert_session{
    "auth.insert_session",
    "INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_used_at, expires_at)"
    " VALUES ($1, $2, $3, $4, $5, $5, $6)"};

inline constexpr Query sql_insert_refresh{
    "auth.insert_refresh",
    "INSERT INTO refresh_tokens (token_hash, session_id, predecessor_hash, created_at, expires_at)"
    " VALUES ($1, $2, $3, $4, $5)"};

// Locks the family before the token is judged: two refreshes of one token come one after the other.
inline constexpr Query sql_refresh_token{
    "auth.refresh_token",
    "SELECT t.session_id, t.predecessor_hash, t.used_at, t.expires_at, s.user_id, s.revoked_at, s.expires_at"
    " FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = $1 FOR UPDATE OF s",
    // One writer: no row locks in SQLite.
    "SELECT t.session_id, t.predecessor_hash, t.used_at, t.expires_at, s.user_id, s.revoked_at, s.expires_at"
    " FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = $1"};

inline constexpr Query sql_used_successor{"auth.used_successor",
                                          "SELECT max(used_at) FROM refresh_tokens WHERE session_id = $1 AND "
                                          "predecessor_hash = $2 AND token_hash <> $3"};

inline constexpr Query sql_mark_used{"auth.mark_used",
                                     "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1"};

inline constexpr Query sql_touch_session{
    "auth.touch_session",
    "UPDATE sessions SET last_used_at = $2, expires_at = $3, address = $4, user_agent = $5 WHERE id = $1"};

inline constexpr Query sql_revoke_session{
    "auth.revoke_session",
    "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL"};

inline constexpr Query sql_revoke_own_session{"auth.revoke_own_session",
                                              "UPDATE sessions SET revoked_at = $3, revoked_reason = 'ended' "
                                              "WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL"
                                              " RETURNING id"};

inline constexpr Query sql_revoke_other_sessions{
    "auth.revoke_other_sessions",
    "UPDATE sessions SET revoked_at = $3, revoked_reason = 'password_changed' WHERE user_id = $1 AND id <> $2"
    " AND revoked_at IS NULL"};

inline constexpr Query sql_sessions{
    "auth.sessions",
    "SELECT id, user_agent, address, created_at, last_used_at, expires_at FROM sessions"
    " WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY last_used_at DESC, id DESC "
    "LIMIT 200"};

// One row a workspace and brand role of the session's user; one row with null workspace when there is none.
inline constexpr Query sql_session_access{
    "auth.session_access",
    "SELECT u.id, u.name, u.email, u.locale, u.is_system_admin, u.status, s.expires_at,"
    " w.id, w.tenant_id, r.permissions, bm.brand_id, br.permissions, bm.account_ids"
    " FROM sessions s JOIN users u ON u.id = s.user_id"
    " LEFT JOIN workspace_users wu ON wu.user_id = u.id"
    " LEFT JOIN workspaces w ON w.id = wu.workspace_id AND w.deleted_at IS NULL"
    " LEFT JOIN roles r ON r.id = wu.role_id"
    " LEFT JOIN brand_members bm ON bm.workspace_id = w.id AND bm.user_id = u.id"
    " LEFT JOIN roles br ON br.id = bm.role_id"
    " WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2"};

}  // namespace mypost::auth::store
