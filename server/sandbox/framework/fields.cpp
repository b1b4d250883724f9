#include "sandbox/framework/fields.hpp"

#include <fmt/format.h>

namespace mypost::sandbox {

Fields::Fields(boost::json::value const& value, std::string at)
    : object_(value.if_object()), at_(std::move(at)) {
    if (!object_) wrong(at_, "wrong_type", "A JSON object is wanted.");
}

boost::json::value const* Fields::find(std::string_view name) {
    known_.emplace(name);
    return object_ ? object_->if_contains(name) : nullptr;
}

std::optional<std::string> Fields::text(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (auto const* string = value->if_string()) return std::string(*string);
    wrong(fmt::format("{}/{}", at_, name), "wrong_type", fmt::format("{} must be a text.", name));
    return std::nullopt;
}

std::string Fields::required_text(std::string_view name) {
    auto const before = errors_.size();
    auto value = text(name);
    if (value && !value->empty()) return *std::move(value);
    if (object_ && errors_.size() == before) {
        wrong(fmt::format("{}/{}", at_, name), "required", fmt::format("{} is required.", name));
    }
    return {};
}

std::optional<std::int64_t> Fields::number(std::string_view name, std::int64_t min, std::int64_t max) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    auto const field = fmt::format("{}/{}", at_, name);
    boost::system::error_code error;
    auto const number = value->to_number<std::int64_t>(error);
    if (error || !value->is_number()) {
        wrong(field, "wrong_type", fmt::format("{} must be a whole number.", name));
        return std::nullopt;
    }
    if (number < min || number > max) {
        wrong(field, "out_of_range", fmt::format("{} must be {} to {}.", name, min, max));
        return std::nullopt;
    }
    return number;
}

std::optional<double> Fields::real(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (value->is_number()) return value->to_number<double>();
    wrong(fmt::format("{}/{}", at_, name), "wrong_type", fmt::format("{} must be a number.", name));
    return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (auto const* flag = value->if_bool()) return *flag;
    wrong(fmt::format("{}/{}", at_, name), "wrong_type", fmt::format("{} must be true or false.", name));
    return std::nullopt;
}

boost::json::value const* Fields::object(std::string_view name) {
    auto const* value = find(name);
    if (!value || value->is_object()) return value;
    wrong(fmt::format("{}/{}", at_, name), "wrong_type", fmt::format("{} must be an object.", name));
    return nullptr;
}

boost::json::value Fields::any(std::string_view name) {
    auto const* value = find(name);
    return value ? *value : boost::json::value(nullptr);
}

void Fields::wrong(std::string field, std::string code, std::string message) {
    errors_.push_back({std::move(field), std::move(code), {}, std::move(message)});
}

void Fields::refuse_unknown() {
    if (!object_) return;
    for (auto const& member : *object_) {
        if (known_.contains(std::string_view(member.key()))) continue;
        wrong(fmt::format("{}/{}", at_, std::string_view(member.key())), "unknown_field",
              fmt::format("{} is not a field of this request.", std::string_view(member.key())));
    }
}

void Fields::take_errors(Fields const& inner) {
    errors_.insert(errors_.end(), inner.errors_.begin(), inner.errors_.end());
}

std::optional<Error> Fields::error() const {
    if (errors_.empty()) return std::nullopt;
    std::string message;
    for (auto const& error : errors_) message += (message.empty() ? "" : " ") + error.message;
    return Error(ErrorCode::validation_failed, message, errors_);
}

}  // namespace mypost::sandbox
