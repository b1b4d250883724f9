#include "db/parameters.hpp"

#include <fmt/format.h>

#include "core/encoding.hpp"

namespace mypost::db {

void check_texts(Query const& query, Params const& params) {
    for (std::size_t i = 0; i < params.size(); ++i) {
        auto const* text = std::get_if<std::string>(&params[i].value());
        if (!text) continue;
        if (text->find('\0') != std::string::npos) {
            throw DatabaseError(fmt::format("{}: ${} holds a NUL character", query.name, i + 1));
        }
        if (!is_valid_utf8(*text)) {
            throw DatabaseError(fmt::format("{}: ${} is not valid UTF-8", query.name, i + 1));
        }
    }
}

}  // namespace mypost::db
