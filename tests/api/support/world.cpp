#include "api/support/world.hpp"

#include <fmt/format.h>

#include "core/password_hash.hpp"

namespace mypost::api_test {

namespace {

std::int64_t now_ms() {
    return to_ms(SystemClock().now());
}

// Cheap to verify, so that tests which sign in stay quick.
std::string const& cheap_hash() {
    static std::string const hash = hash_password(password, {1024, 1, 1});
    return hash;
}

std::string permissions_json(access::PermissionSet const& permissions) {
    boost::json::array list;
    for (auto const& name : permissions.names()) list.emplace_back(name);
    return boost::json::serialize(list);
}

}  // namespace

Header bearer(std::string const& token) {
    return {"Authorization", "Bearer " + token};
}

std::vector<Header> json_headers(std::string const& token) {
    return {bearer(token), {"Content-Type", "application/json"}};
}

std::string difference(std::map<std::string, std::string> const& before,
                       std::map<std::string, std::string> const& after) {
    std::string words;
    for (auto const& [table, rows] : after) {
        auto const was = before.find(table);
        if (was != before.end() && was->second == rows) continue;
        words += fmt::format("{} was\n{}\nand is\n{}\n", table, was == before.end() ? "absent" : was->second,
                             rows);
    }
    return words.substr(0, 4000);
}

World::World(Installation& installation)
    : installation_(installation), signer_(installation.settings().jwt_secret, "mypost") {
    std::string const body = fmt::format(
        R"({{"name":"Olga Owner","email":"olga@example.org","password":"{}","workspace_name":"First","time_zone":"Europe/Berlin"}})",
        password);
    Answer const done = anyone("POST", "/setup", body);
    if (done.status != 201) throw std::runtime_error("set-up: " + done.body);
    workspace_ = done.text("/workspace_id");
    owner_ = signed_in(*UserId::parse(done.text("/user/id")), "olga@example.org");
    tenant_ = installation_.sql("SELECT CAST(id AS TEXT) FROM tenants").front().text(0);
}

Person World::signed_in(UserId id, std::string email) {
    Person person;
    person.id = id;
    person.email = std::move(email);
    person.session = SessionId::make();
    Instant const now = SystemClock().now();
    db::Params row{person.session, id, to_ms(now), to_ms(now + std::chrono::hours(24))};
    installation_.sql(
        "INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_used_at, expires_at)"
        " VALUES ($1, $2, 'api-test', '127.0.0.1', $3, $3, $4)",
        std::move(row));
    person.token = signer_.sign(id, person.session, now, now + std::chrono::minutes(15));
    return person;
}

Person World::person(std::string name) {
    UserId const id = UserId::make();
    std::string const email = fmt::format("person{}@example.org", ++people_);
    db::Params row{id, tenant_, email, std::move(name), cheap_hash(), now_ms()};
    installation_.sql(
        "INSERT INTO users (id, tenant_id, email, email_key, name, password_hash, created_at, updated_at)"
        " VALUES ($1, $2, $3, $3, $4, $5, $6, $6)",
        std::move(row));
    return signed_in(id, email);
}

std::string World::role(std::string const& workspace, access::PermissionSet permissions) {
    RoleId const id = RoleId::make();
    db::Params row{id, workspace, "Role " + id.to_string(), permissions_json(permissions), now_ms()};
    installation_.sql(
        "INSERT INTO roles (id, workspace_id, name, permissions, created_at, updated_at) VALUES ($1, $2, $3, "
        "$4, $5, $5)",
        std::move(row));
    return id.to_string();
}

std::string World::built_in_role(std::string const& workspace, std::string const& key) {
    return installation_
        .sql("SELECT CAST(id AS TEXT) FROM roles WHERE workspace_id = $1 AND key = $2", {workspace, key})
        .front()
        .text(0);
}

void World::join(Person const& person, std::string const& workspace, std::optional<std::string> role) {
    installation_.sql(
        "INSERT INTO workspace_users (workspace_id, user_id, role_id, created_at) VALUES ($1, $2, $3, $4)",
        {workspace, person.id, role, now_ms()});
}

void World::join_brand(Person const& person, Place const& place, std::string const& role,
                       std::optional<std::string> account_ids) {
    installation_.sql(
        "INSERT INTO brand_members (workspace_id, brand_id, user_id, role_id, account_ids, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        {place.workspace, place.brand, person.id, role, account_ids, now_ms()});
}

Person World::member(std::string const& name, access::PermissionSet permissions) {
    Person const made = person(name);
    join(made, workspace_, role(workspace_, permissions));
    return made;
}

Person World::foreign_owner(std::string& workspace) {
    workspace = WorkspaceId::make().to_string();
    db::Params row{workspace, tenant_, "slug-" + workspace, now_ms()};
    installation_.sql(
        "INSERT INTO workspaces (id, tenant_id, name, slug, time_zone, created_at, updated_at)"
        " VALUES ($1, $2, 'Foreign', $3, 'UTC', $4, $4)",
        std::move(row));
    Person const made = person("Fred Foreign");
    join(made, workspace, role(workspace, access::PermissionSet::all()));
    return made;
}

std::string World::brand(std::string name, std::string workspace) {
    if (workspace.empty()) workspace = workspace_;
    BrandId const id = BrandId::make();
    installation_.sql(
        "INSERT INTO brands (id, workspace_id, name, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
        {id, workspace, std::move(name), now_ms()});
    return id.to_string();
}

std::string World::account(Place const& place, std::string const& network, std::string const& handle) {
    GrantId const grant = GrantId::make();
    AccountId const account = AccountId::make();
    std::int64_t const now = now_ms();
    installation_.sql(
        "INSERT INTO grants (id, workspace_id, brand_id, network, instance, subject, tokens, created_at, "
        "updated_at) VALUES ($1, $2, $3, $4, '', $5, 'none', $6, $6)",
        {grant, place.workspace, place.brand, network, handle, now});
    installation_.sql(
        "INSERT INTO social_accounts (id, workspace_id, brand_id, grant_id, network, kind, remote_id, name, "
        "handle, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'profile', $6, $6, $6, $7, $7)",
        {account, place.workspace, place.brand, grant, network, handle, now});
    return account.to_string();
}

std::string World::post(Place const& place, std::string body, std::vector<std::string> accounts) {
    boost::json::array targets;
    for (auto const& account : accounts) targets.push_back(boost::json::object{{"account_id", account}});
    boost::json::object const input{
        {"brand_id", place.brand}, {"content", {{"body", body}}}, {"targets", targets}};
    return must("POST", "/workspaces/" + place.workspace + "/posts", boost::json::serialize(input))
        .text("/id");
}

Answer World::anyone(std::string method, std::string path, std::string body,
                     std::vector<Header> headers) const {
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return installation_.send({std::move(method), "/api/v1" + path, std::move(headers), std::move(body)});
}

Answer World::as(Person const& person, std::string method, std::string path, std::string body,
                 std::vector<Header> headers) const {
    headers.push_back(bearer(person.token));
    return anyone(std::move(method), std::move(path), std::move(body), std::move(headers));
}

Answer World::must(std::string method, std::string path, std::string body, std::vector<Header> headers) {
    Answer answer = as(owner_, method, path, std::move(body), std::move(headers));
    if (answer.status / 100 != 2)
        throw std::runtime_error(fmt::format("{} {}: {} {}", method, path, answer.status, answer.body));
    return answer;
}

std::string World::in(std::string const& path) const {
    return "/workspaces/" + workspace_ + path;
}

}  // namespace mypost::api_test
