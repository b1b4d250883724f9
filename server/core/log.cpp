#include "core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/clock.hpp"

namespace mypost::log {

namespace {

spdlog::logger& sink() {
    static auto const logger = [] {
        auto made = spdlog::stderr_logger_mt("mypost");
        made->set_pattern("%v");
        made->set_level(spdlog::level::info);
        made->flush_on(spdlog::level::debug);
        return made;
    }();
    return *logger;
}

void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    for (char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
                } else {
                    out.push_back(c);
                }
        }
    }
    out.push_back('"');
}

void write(spdlog::level::level_enum level, std::string_view name, std::string_view event,
           std::initializer_list<Field> fields) {
    auto& logger = sink();
    if (!logger.should_log(level)) return;
    std::string line =
        fmt::format(R"({{"at":"{}","level":"{}","event":)", to_rfc3339(SystemClock().now()), name);
    append_json_string(line, event);
    for (Field const& field : fields) {
        line.push_back(',');
        append_json_string(line, field.key);
        line.push_back(':');
        if (auto const* text = std::get_if<std::string_view>(&field.value)) {
            append_json_string(line, *text);
        } else if (auto const* number = std::get_if<std::int64_t>(&field.value)) {
            line += std::to_string(*number);
        } else if (auto const* real = std::get_if<double>(&field.value)) {
            line += fmt::format("{}", *real);
        } else {
            line += std::get<bool>(field.value) ? "true" : "false";
        }
    }
    line.push_back('}');
    logger.log(level, line);
}

}  // namespace

void set_level(Level level) {
    static constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info,
                                                           spdlog::level::warn, spdlog::level::err};
    sink().set_level(levels[static_cast<int>(level)]);
}

void debug(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::debug, "debug", event, fields);
}
void info(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::info, "info", event, fields);
}
void warning(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::warn, "warning", event, fields);
}
void error(std::string_view event, std::initializer_list<Field> fields) {
    write(spdlog::level::err, "error", event, fields);
}

}  // namespace mypost::log
