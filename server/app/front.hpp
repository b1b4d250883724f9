// The public listener: health, API, WebSocket and web app under one address, with or without a sub-path.
#pragma once

#include <functional>
#include <string>

#include "db/database.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace mypost::app {

namespace asio = boost::asio;

struct FrontParts {
    http::Router& router;
    http::Handler files;  // the web app; empty: this process serves only the API
    db::Database& database;
    std::string sub_path;  // "/mypost" of the public URL; requests with and without it are the same
    std::function<asio::awaitable<std::vector<std::string>>()>
        degraded;  // what does not work as it should, by name
};

class Front {
  public:
    explicit Front(FrontParts parts) : parts_(std::move(parts)) {}

    asio::awaitable<http::Response> handle(http::Request request);
    http::BodyPolicy body_policy(http::Request const& head) const;
    bool is_websocket(http::Request const& head) const;

  private:
    // The address without the public URL's path, for proxies that pass it on.
    http::Request stripped(http::Request request) const;
    asio::awaitable<http::Response> ready();

    FrontParts parts_;
};

}  // namespace mypost::app
