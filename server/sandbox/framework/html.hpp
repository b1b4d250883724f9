// The look of the sandbox's pages.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace mypost::sandbox::html {

std::string escape(std::string_view text);
// Escaped, line breaks kept, http(s) addresses as links.
std::string rich_text(std::string_view text);
// A coloured disc with the name's first letter.
std::string avatar(std::string_view name);
// The same as an SVG document.
std::string avatar_svg(std::string_view name);

struct Page {
    std::string title;
    std::string body;        // HTML inside <main>
    std::string network;     // accent colour; empty: neutral
    bool refreshes = false;  // reloads its content every few seconds
    int status = 200;
};
http::Response page(Page const& content);

// A page that says what is wrong.
http::Response problem(int status, std::string_view title, std::string_view message);

extern std::string_view const stylesheet;
extern std::string_view const refresh_script;

}  // namespace mypost::sandbox::html
