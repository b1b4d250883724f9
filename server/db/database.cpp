#include "db/database.hpp"

namespace mypost::db {

std::int64_t Row::int64(std::size_t column) const {
    auto const* value = std::get_if<std::int64_t>(&values_.at(column));
    if (!value) throw std::logic_error("column is not an integer");
    return *value;
}

double Row::real(std::size_t column) const {
    auto const& value = values_.at(column);
    if (auto const* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    auto const* real = std::get_if<double>(&value);
    if (!real) throw std::logic_error("column is not a number");
    return *real;
}

std::string const& Row::text(std::size_t column) const {
    auto const* value = std::get_if<std::string>(&values_.at(column));
    if (!value) throw std::logic_error("column is not text");
    return *value;
}

std::optional<std::int64_t> Row::opt_int64(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return int64(column);
}

std::optional<std::string> Row::opt_text(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<Instant> Row::opt_instant(std::size_t column) const {
    if (is_null(column)) return std::nullopt;
    return instant(column);
}

}  // namespace mypost::db
