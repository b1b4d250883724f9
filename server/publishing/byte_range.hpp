// A piece of a file, for networks that take it in segments.
#pragma once

#include <memory>

#include "net/http_client.hpp"
#include "networks/adapter.hpp"

namespace mypost::publishing {

// The bytes that `ref` names of `whole`: all of it when it names no range. A range that leaves the file is
// cut at its end.
std::shared_ptr<net::ByteSource> byte_range(std::shared_ptr<net::ByteSource> whole,
                                            networks::MediaRef const& ref);

}  // namespace mypost::publishing
