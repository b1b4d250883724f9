#include "publishing/pause_setting.hpp"

#include <boost/json.hpp>

namespace mypost::publishing {

namespace json = boost::json;

Pause installation_pause(std::string_view value) {
    boost::system::error_code error;
    auto const parsed = json::parse(json::string_view(value.data(), value.size()), error);
    Pause pause;
    if (error || !parsed.is_object()) {
        pause.since = Instant{};
        return pause;
    }
    auto const read = [&](char const* name) -> std::optional<Instant> {
        auto const* const member = parsed.get_object().if_contains(name);
        if (!member || !member->is_int64()) return std::nullopt;
        return from_ms(member->get_int64());
    };
    pause.since = read("since");
    pause.until = read("until");
    return pause;
}

std::string installation_pause_value(Pause const& pause, std::string_view reason) {
    json::object object;
    if (pause.since) object["since"] = to_ms(*pause.since);
    if (pause.until) object["until"] = to_ms(*pause.until);
    object["reason"] = json::string(reason.data(), reason.size());
    return json::serialize(object);
}

}  // namespace mypost::publishing
