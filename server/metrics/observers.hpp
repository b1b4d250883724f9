// What the modules report, as metrics.
#pragma once

#include "db/database.hpp"
#include "http/services.hpp"
#include "metrics/registry.hpp"
#include "publishing/metrics.hpp"

namespace mypost::metrics {

// Declares every metric of the server, so that each is there from the start.
void declare_all(Registry& registry);

class Observers final : public http::RequestObserver, public db::QueryObserver, public publishing::Metrics {
  public:
    explicit Observers(Registry& registry) : registry_(registry) {}

    void answered(std::string_view method, std::string_view route, int status,
                  std::chrono::microseconds took) override;
    void observed(std::string_view name, std::chrono::microseconds took, bool failed) override;
    void call(std::string_view network, std::string_view outcome, std::chrono::milliseconds took) override;
    void settled(std::string_view network, std::string_view state, std::string_view code) override;
    void lag(std::string_view network, std::chrono::milliseconds lag) override;
    void queue_depth(std::int64_t due, std::int64_t running) override;
    void refresh(std::string_view network, std::string_view outcome) override;

  private:
    Registry& registry_;
};

}  // namespace mypost::metrics
