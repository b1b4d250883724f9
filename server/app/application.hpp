// The composition root: builds every part of the server and says who knows whom.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "auth/routes.hpp"
#include "core/settings.hpp"
#include "http/router.hpp"

namespace mypost::app {

struct Parts {
    bool api = true;
    bool worker = true;
    bool demo = false;  // the network sandbox beside it, and a demo workspace
};

class Application {
  public:
    // Opens the database and builds everything; nothing listens yet. Throws std::runtime_error with a
    // sentence for the operator.
    Application(boost::asio::io_context& io, Settings settings, Parts parts);
    ~Application();

    // Migrates (embedded) or checks the schema, seeds the demo, listens, starts the worker. Returns when all
    // runs.
    boost::asio::awaitable<void> start();
    // Stops accepting, drains, stops the worker, closes.
    boost::asio::awaitable<void> stop();

    std::uint16_t port() const;
    // The OpenAPI document of the routes; nothing is started.
    std::string openapi();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// For `mypost openapi`: of this program, whatever its settings.
std::string openapi_document();

}  // namespace mypost::app
