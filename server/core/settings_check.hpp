// Checks of single settings: each returns what is wrong with the text, or an empty string.
#pragma once

#include <string>
#include <string_view>

namespace mypost::settings_check {

std::string ip_address(std::string_view text);
std::string ip_range(std::string_view text);
std::string public_url(std::string_view text);
std::string loopback_url(std::string_view text);
std::string database_url(std::string_view text);
std::string postgres_url(std::string_view text);
std::string storage_url(std::string_view text);
std::string key_of_32_bytes(std::string_view text);
std::string long_secret(std::string_view text);

}  // namespace mypost::settings_check
