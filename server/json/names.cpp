#include "json/names.hpp"

namespace mypost::json {

std::vector<EnumName> const& EnumNames<access::Permission>::all() {
    static auto const names = [] {
        std::vector<EnumName> list;
        for (access::Permission permission : access::all_permissions()) {
            list.push_back({static_cast<std::int64_t>(permission), access::to_string(permission)});
        }
        return list;
    }();
    return names;
}

std::string_view enum_name(std::vector<EnumName> const& names, std::int64_t value) {
    for (auto const& entry : names) {
        if (entry.value == value) return entry.name;
    }
    return {};
}

std::string short_type_name(std::string_view pretty) {
    // The compiler prints "… [T = mypost::posts::Post]" (clang) or "… [with T = …; …]" (GCC).
    auto const start = pretty.find("T = ");
    if (start != std::string_view::npos) {
        pretty.remove_prefix(start + 4);
        auto const end = pretty.find_last_of("];");
        if (end != std::string_view::npos) pretty = pretty.substr(0, end);
    }
    // A file's own types have no name between the colons.
    std::string plain(pretty);
    for (std::string_view const unnamed : {"(anonymous namespace)", "{anonymous}"}) {
        for (auto at = plain.find(unnamed); at != std::string::npos; at = plain.find(unnamed)) {
            plain.erase(at, unnamed.size());
        }
    }
    pretty = plain;
    std::string name;
    std::string word;
    for (std::size_t i = 0; i <= pretty.size(); ++i) {
        char const c = i < pretty.size() ? pretty[i] : ' ';
        bool const letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (letter) {
            word.push_back(c);
        } else if (c == ':') {
            word.clear();
        } else {
            name += word;
            word.clear();
        }
    }
    return name;
}

}  // namespace mypost::json
