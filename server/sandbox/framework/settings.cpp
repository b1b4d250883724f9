#include "sandbox/framework/settings.hpp"

#include <fmt/format.h>

#include "sandbox/framework/fields.hpp"

namespace mypost::sandbox {

namespace json = boost::json;

namespace {

bool same_type(json::value const& have, json::value const& want) {
    if (have.is_number() && want.is_number()) return true;
    return have.kind() == want.kind();
}

void merge(json::object& into, json::value const& changes, std::string const& at, Fields& fields) {
    for (auto const& change : changes.as_object()) {
        std::string_view const name = change.key();
        auto* present = into.if_contains(name);
        if (!present) {
            std::string known;
            for (auto const& member : into) known += (known.empty() ? "" : ", ") + std::string(member.key());
            fields.wrong(fmt::format("{}/{}", at, name), "unknown_field",
                         fmt::format("{} is not known here; known are {}.", name, known));
        } else if (!same_type(*present, change.value())) {
            fields.wrong(fmt::format("{}/{}", at, name), "wrong_type",
                         fmt::format("{} must be of the type of {}.", name, json::serialize(*present)));
        } else {
            *present = change.value();
        }
    }
}

}  // namespace

std::int64_t Settings::limit(std::string_view name) const {
    return limits.at(name).to_number<std::int64_t>();
}
bool Settings::is_on(std::string_view name) const {
    return switches.at(name).as_bool();
}
std::int64_t Settings::number(std::string_view name) const {
    return switches.at(name).to_number<std::int64_t>();
}
std::string_view Settings::text(std::string_view name) const {
    return switches.at(name).as_string();
}

Result<void> Settings::change(json::value const& body) {
    auto changed = *this;
    Fields fields(body);
    auto const new_limits = fields.any("limits");
    if (new_limits.is_object()) {
        changed.limits_off = false;
        merge(changed.limits, new_limits, "/limits", fields);
    } else if (new_limits.is_string() && new_limits.as_string() == "off") {
        changed.limits_off = true;
    } else if (!new_limits.is_null()) {
        fields.wrong("/limits", "wrong_type", "limits must be an object or \"off\".");
    }
    changed.listing_lag_ms = fields.number("listing_lag_ms", 0, 86'400'000).value_or(listing_lag_ms);
    if (auto const* given = fields.object("switches")) merge(changed.switches, *given, "/switches", fields);
    fields.refuse_unknown();
    if (auto error = fields.error()) return *std::move(error);
    *this = std::move(changed);
    return {};
}

json::object Settings::to_json() const {
    json::value shown_limits = limits;
    if (limits_off) shown_limits = "off";
    return {{"limits", shown_limits},
            {"listing_lag_ms", listing_lag_ms},
            {"switches", switches},
            {"latency", {{"ms", latency_ms}, {"jitter_ms", jitter_ms}}}};
}

}  // namespace mypost::sandbox
