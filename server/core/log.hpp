// Structured logs: one JSON line an event on standard error. Never pass a token, password or signed URL.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace mypost::log {

enum class Level { debug, info, warning, error };

struct Field {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    Field(std::string_view k, std::string_view v) : key(k), value(v) {}
    Field(std::string_view k, std::string const& v) : key(k), value(std::string_view(v)) {}
    Field(std::string_view k, char const* v) : key(k), value(std::string_view(v)) {}
    Field(std::string_view k, bool v) : key(k), value(v) {}
    Field(std::string_view k, double v) : key(k), value(v) {}
    template <class Int>
        requires std::is_integral_v<Int>
    Field(std::string_view k, Int v) : key(k), value(static_cast<std::int64_t>(v)) {}
};

// Below `level` nothing is written. Default: info.
void set_level(Level level);

// log::info("post scheduled", {{"post_id", id}, {"request_id", rid}});
void debug(std::string_view event, std::initializer_list<Field> fields = {});
void info(std::string_view event, std::initializer_list<Field> fields = {});
void warning(std::string_view event, std::initializer_list<Field> fields = {});
void error(std::string_view event, std::initializer_list<Field> fields = {});

}  // namespace mypost::log
