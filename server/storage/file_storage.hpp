// Storage in a folder of this machine.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "storage/storage.hpp"

namespace mypost::storage {

// Objects lie in 256 sub-folders by a hash of the key's folder, so that none grows too large. A new object is
// written beside, synced and renamed. Blocking work is done on `pool`, which outlives the storage. Makes the
// folder (mode 0700). Throws std::system_error when it cannot.
std::unique_ptr<Storage> make_file_storage(asio::thread_pool& pool, std::string folder);

// The storage that MYPOST_STORAGE_URL names ("file:/path"). Throws std::invalid_argument for another scheme.
std::unique_ptr<Storage> open_storage(asio::thread_pool& pool, std::string const& url);

}  // namespace mypost::storage
