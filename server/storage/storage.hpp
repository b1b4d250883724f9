// Where media files are kept: named immutable objects. A folder now (file_storage.hpp); an S3 bucket fits
// behind it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"
#include "storage/work_folder.hpp"

namespace mypost::storage {

namespace asio = boost::asio;

// Gives the content piece by piece, an empty piece at the end. An error ends the put; nothing is kept then.
using PieceSource = std::function<asio::awaitable<Result<std::string>>()>;

struct ObjectInfo {
    std::string key;
    std::uint64_t size_bytes = 0;
    Instant modified_at;
};

// Part of an object: `length` bytes from `offset`; length 0 means to the end.
struct Range {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// Reads an object without blocking the event loop.
class Reader {
  public:
    virtual ~Reader() = default;
    virtual std::uint64_t size() const = 0;  // of the range
    // The next piece (up to 256 KiB); empty at the end. Throws std::runtime_error when the storage fails.
    virtual asio::awaitable<std::string> read() = 0;
};

// Keys are relative paths such as "media/0193…/original": segments of letters, digits, '.', '_' and '-' that
// are not "." or
// "..", up to 512 characters. Another key is a programmer's error: std::invalid_argument.
// A storage that cannot be written or read throws std::system_error (disk full, no permission).
class Storage {
  public:
    virtual ~Storage() = default;

    // Stores under `key`, replacing what was there, all or nothing; durable on return. `expected_size`: when
    // given, another size is an error (validation_failed: the sender broke off).
    virtual asio::awaitable<Result<ObjectInfo>> put(std::string key, PieceSource source,
                                                    std::optional<std::uint64_t> expected_size = {}) = 0;
    // The same with a local file, which is moved if it can be and gone afterwards.
    virtual asio::awaitable<ObjectInfo> put_file(std::string key, std::string local_file) = 0;

    // Nothing when there is no such object.
    virtual asio::awaitable<std::optional<ObjectInfo>> stat(std::string key) = 0;
    // not_found when there is no such object; validation_failed when the range begins behind its end.
    virtual asio::awaitable<Result<std::shared_ptr<net::ByteSource>>> open_source(std::string key,
                                                                                  Range range = {}) = 0;
    virtual asio::awaitable<Result<std::unique_ptr<Reader>>> open_reader(std::string key,
                                                                         Range range = {}) = 0;

    virtual asio::awaitable<bool> remove(std::string key) = 0;  // false when there was none
    // All objects whose key begins with `prefix`, by key.
    virtual asio::awaitable<std::vector<ObjectInfo>> list(std::string prefix) = 0;

    // The object as a file of this machine, where it is one: for sendfile and for the media helper.
    virtual std::optional<std::string> local_path(std::string_view key) const = 0;
    // An empty folder for work in progress, on the same file system where that makes put_file() cheap.
    // Folders left behind by a crash are removed at a later start, a day old.
    virtual WorkFolder make_work_folder() = 0;
    // The folder that holds them all, and nothing else: all that the media helper may open.
    virtual std::string work_root() const = 0;
};

void check_key(std::string_view key);  // throws std::invalid_argument

}  // namespace mypost::storage
