#include "http/endpoint.hpp"

#include <fmt/format.h>

namespace mypost::http {

int Endpoint::ok_status() const {
    return answers_nothing && !raw && options.ok == 200 ? 204 : options.ok;
}

Error detail::both(Error first, Error second) {
    // A body that is missing altogether has no fields to show.
    if (second.code != ErrorCode::validation_failed) return second;
    for (auto& field : second.fields) first.fields.push_back(std::move(field));
    first.message = fmt::format("{} fields are wrong.", first.fields.size());
    return first;
}

std::optional<std::string> RequestInfo::cookie(std::string_view name) const {
    Request request;
    if (auto const header = headers.get("Cookie")) request.headers.set("Cookie", std::string(*header));
    return request.cookie(name);
}

}  // namespace mypost::http
