#pragma once

#include <chrono>
#include <string_view>

#include "db/database.hpp"

namespace mypost::db {

// Times one statement and reports it when it leaves scope: as failed unless succeeded() was called.
class Observation {
  public:
    Observation(QueryObserver* observer, std::string_view name)
        : observer_(observer), name_(name), started_(std::chrono::steady_clock::now()) {}
    ~Observation() {
        if (!observer_) return;
        auto const took = std::chrono::steady_clock::now() - started_;
        observer_->observed(name_, std::chrono::duration_cast<std::chrono::microseconds>(took), !succeeded_);
    }
    Observation(Observation const&) = delete;
    Observation& operator=(Observation const&) = delete;

    void succeeded() { succeeded_ = true; }

  private:
    QueryObserver* observer_;
    std::string_view name_;
    std::chrono::steady_clock::time_point started_;
    bool succeeded_ = false;
};

}  // namespace mypost::db
