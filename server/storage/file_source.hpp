// A local file, or part of it, as a ByteSource.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "net/http_client.hpp"

namespace mypost::storage {

// Throws std::system_error when the file cannot be opened. The range must lie inside the file.
std::shared_ptr<net::ByteSource> open_file_source(std::string const& path, std::uint64_t offset,
                                                  std::uint64_t length);

}  // namespace mypost::storage
