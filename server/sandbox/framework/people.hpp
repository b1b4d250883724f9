// The ready-made people that every simulated network has.
#pragma once

#include <span>
#include <string_view>

namespace mypost::sandbox {

struct Person {
    std::string_view given;   // lower case, letters only: the stem of handles
    std::string_view family;  // the same
    std::string_view name;    // as shown
    bool is_business = false;
};

// In a fixed order; the first one is a consent page's default.
std::span<Person const> people();

}  // namespace mypost::sandbox
